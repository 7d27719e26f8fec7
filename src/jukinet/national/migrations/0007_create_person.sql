-- Who signs in to the resident's page. Nothing of a person stands here but whose account it is.
CREATE SCHEMA person;
COMMENT ON SCHEMA person IS '本人用ページの利用者';

CREATE TABLE person.account (
    account_number       text        COLLATE "C" NOT NULL CHECK (account_number ~ '^[0-9]{12}$'),
    resident_record_code text        COLLATE "C" NOT NULL,
    enrolled_by          text        NOT NULL,
    enrolled_at          timestamptz NOT NULL,
    code_hash            bytea       NOT NULL,
    code_until           date        NOT NULL,
    password_hash        text,
    opened_at            timestamptz,
    failed_count         integer     NOT NULL DEFAULT 0 CHECK (failed_count >= 0),
    locked_until         timestamptz,
    closed_at            timestamptz,
    CONSTRAINT account_pkey PRIMARY KEY (account_number)
);
COMMENT ON TABLE person.account IS '本人用ページの利用登録';
COMMENT ON COLUMN person.account.account_number IS '利用者番号';
COMMENT ON COLUMN person.account.enrolled_by IS '本人確認をした市町村';
COMMENT ON COLUMN person.account.code_hash IS '登録用の符号のSHA-256';
COMMENT ON COLUMN person.account.code_until IS '登録用の符号の期限';
COMMENT ON COLUMN person.account.password_hash IS 'argon2id。登録が済むまで空';
COMMENT ON COLUMN person.account.failed_count IS '続けて誤った回数';
COMMENT ON COLUMN person.account.locked_until IS '誤りが続いて使えない間の終わり';
-- One open account for a person: a new letter closes the one before.
CREATE UNIQUE INDEX account_open ON person.account (resident_record_code) WHERE closed_at IS NULL;

CREATE TABLE person.session (
    token_hash     bytea       NOT NULL,
    account_number text        COLLATE "C" NOT NULL,
    opened_at      timestamptz NOT NULL,
    last_seen_at   timestamptz NOT NULL,
    CONSTRAINT session_pkey PRIMARY KEY (token_hash)
);
COMMENT ON TABLE person.session IS '本人用ページの利用中の接続';
COMMENT ON COLUMN person.session.token_hash IS '接続の符号のSHA-256';
CREATE INDEX session_last_seen ON person.session (last_seen_at);

GRANT USAGE ON SCHEMA person TO :"app_role";
GRANT SELECT, INSERT ON person.account TO :"app_role";
GRANT UPDATE (password_hash, opened_at, failed_count, locked_until, closed_at) ON person.account TO :"app_role";
GRANT SELECT, INSERT, UPDATE, DELETE ON person.session TO :"app_role";
