CREATE SCHEMA operators;
COMMENT ON SCHEMA operators IS '操作者';

CREATE TABLE operators.operator (
    operator_id   text        NOT NULL,
    display_name  text        NOT NULL,
    password_hash text        NOT NULL,
    failed_count  integer     NOT NULL DEFAULT 0 CHECK (failed_count >= 0),
    locked_at     timestamptz,
    enrolled_at   timestamptz NOT NULL,
    enrolled_by   text        NOT NULL,
    CONSTRAINT operator_pkey PRIMARY KEY (operator_id)
);
COMMENT ON TABLE operators.operator IS '操作者';
COMMENT ON COLUMN operators.operator.password_hash IS 'argon2id';
COMMENT ON COLUMN operators.operator.failed_count IS '続けて誤った回数';
COMMENT ON COLUMN operators.operator.locked_at IS '誤りが続いて使えなくなった日時';

-- The token itself is only in the browser; what is kept here opens nothing.
CREATE TABLE operators.session (
    token_hash    bytea       NOT NULL,
    operator_id   text        NOT NULL,
    opened_at     timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    search_keys   jsonb       NOT NULL DEFAULT '{}',
    CONSTRAINT session_pkey PRIMARY KEY (token_hash)
);
COMMENT ON TABLE operators.session IS '操作者の利用中の接続';
COMMENT ON COLUMN operators.session.token_hash IS '接続の符号のSHA-256';
COMMENT ON COLUMN operators.session.search_keys IS '最後の検索条件。画面に戻った時のためだけに持つ';
CREATE INDEX session_last_seen ON operators.session (last_seen_at);

GRANT USAGE ON SCHEMA operators TO :"app_role";
GRANT SELECT, INSERT ON operators.operator TO :"app_role";
GRANT UPDATE (failed_count, locked_at) ON operators.operator TO :"app_role";
GRANT SELECT, INSERT, UPDATE, DELETE ON operators.session TO :"app_role";
