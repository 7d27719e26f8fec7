CREATE SCHEMA resident_system;
COMMENT ON SCHEMA resident_system IS '既存住基システムとの連携';

-- One row: whether notices leave by themselves. No row is automatic.
CREATE TABLE resident_system.linkage (
    name       text        NOT NULL CHECK (name = 'linkage'),
    mode       text        NOT NULL CHECK (mode IN ('automatic', 'manual')),
    changed_at timestamptz NOT NULL,
    changed_by text        NOT NULL,
    CONSTRAINT linkage_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE resident_system.linkage IS '連携の方式（自動・手動）';

-- One row is one message or one file, with what was answered about each of its rows.
CREATE TABLE resident_system.submission (
    submission_number bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    source            text        NOT NULL CHECK (source IN ('line', 'file')),
    file_name         text,
    sha256            bytea       NOT NULL,
    received_at       timestamptz NOT NULL,
    row_count         integer     NOT NULL,
    error_code        text,
    results           bytea       NOT NULL,
    finished_at       timestamptz,
    CONSTRAINT submission_pkey PRIMARY KEY (submission_number)
);
COMMENT ON TABLE resident_system.submission IS '異動情報の受付（電文又はファイルごと）';
COMMENT ON COLUMN resident_system.submission.results IS '行ごとの結果。個人の項目の値は持たない';
CREATE INDEX submission_unfinished ON resident_system.submission (file_name) WHERE finished_at IS NULL;

CREATE TABLE resident_system.change_record (
    record_id             text COLLATE "C" NOT NULL,
    order_number          bigint      NOT NULL,
    previous_order_number bigint,
    revision              integer     NOT NULL,
    resident_number       text COLLATE "C" NOT NULL,
    content               bytea       NOT NULL,
    supplement            bytea,
    state                 text        NOT NULL CHECK (state IN ('applied', 'kept', 'waiting', 'refused', 'dismissed')),
    is_released           boolean     NOT NULL DEFAULT false,
    error_code            text,
    error_field           text,
    error_position        integer,
    update_sequence       integer,
    submission_number     bigint      NOT NULL,
    row_number            integer     NOT NULL,
    received_at           timestamptz NOT NULL,
    settled_at            timestamptz,
    CONSTRAINT change_record_pkey PRIMARY KEY (record_id),
    CONSTRAINT change_record_order_number UNIQUE (order_number) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((state = 'refused') = (error_code IS NOT NULL))
);
COMMENT ON TABLE resident_system.change_record IS '既存住基システムの異動';
COMMENT ON COLUMN resident_system.change_record.resident_number IS '宛名番号（既存住基システムの）';
COMMENT ON COLUMN resident_system.change_record.content IS '受け取ったままの異動';
COMMENT ON COLUMN resident_system.change_record.supplement IS '補記（操作者が補った項目）';
COMMENT ON COLUMN resident_system.change_record.error_position IS '誤りのある文字の位置（項目の何文字目か）';
COMMENT ON COLUMN resident_system.change_record.update_sequence IS '通知した更新順番号（通知しない異動では空）';
CREATE INDEX change_record_resident ON resident_system.change_record (resident_number, order_number);
CREATE INDEX change_record_open ON resident_system.change_record (order_number)
    WHERE state IN ('kept', 'waiting', 'refused');

-- Every resident as last notified: what a consistency check compares, in both directions.
CREATE TABLE resident_system.resident (
    resident_number               text COLLATE "C" NOT NULL,
    resident_record_code          text COLLATE "C" NOT NULL,
    individual_number             text COLLATE "C",
    name                          text        NOT NULL,
    kana                          text        NOT NULL,
    former_surname                text,
    alias                         text,
    birth_date                    text COLLATE "C" NOT NULL,
    sex                           text COLLATE "C" NOT NULL,
    municipality                  text COLLATE "C" NOT NULL,
    address                       text        NOT NULL,
    postal_code                   text COLLATE "C",
    change_reason                 text COLLATE "C" NOT NULL,
    changed_on                    text COLLATE "C" NOT NULL,
    previous_resident_record_code text COLLATE "C",
    update_sequence               integer     NOT NULL CHECK (update_sequence > 0),
    is_removed                    boolean     NOT NULL,
    CONSTRAINT resident_pkey PRIMARY KEY (resident_number),
    CONSTRAINT resident_resident_record_code UNIQUE (resident_record_code)
);
COMMENT ON TABLE resident_system.resident IS '最後に通知した本人確認情報（連携する住民ごと）';
CREATE INDEX resident_individual_number ON resident_system.resident (individual_number)
    WHERE individual_number IS NOT NULL;

CREATE TABLE resident_system.resend (
    request_id      text COLLATE "C" NOT NULL,
    resident_number text COLLATE "C" NOT NULL,
    update_sequence integer     NOT NULL,
    is_new          boolean     NOT NULL,
    change_reason   text COLLATE "C" NOT NULL,
    requested_at    timestamptz NOT NULL,
    requested_by    text        NOT NULL,
    CONSTRAINT resend_pkey PRIMARY KEY (request_id)
);
COMMENT ON TABLE resident_system.resend IS '本人確認情報の再送';

-- What this municipality last notified of each resident, whichever system keeps its register.
CREATE VIEW register.last_notified AS
SELECT handle.resident_record_code, current.individual_number, current.name, current.kana, current.former_surname,
       current.alias, current.birth_date, current.sex, current.municipality, current.address, current.postal_code,
       current.change_reason, current.changed_on, current.previous_resident_record_code, handle.update_sequence,
       current.is_removed
  FROM register.resident AS handle
  JOIN register.current_record AS current USING (resident_number)
UNION ALL
SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex, municipality,
       address, postal_code, change_reason, changed_on, previous_resident_record_code, update_sequence, is_removed
  FROM resident_system.resident;
COMMENT ON VIEW register.last_notified IS '住民ごとに最後に通知した本人確認情報';

GRANT USAGE ON SCHEMA resident_system TO :"app_role";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA resident_system TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON resident_system.linkage, resident_system.submission, resident_system.change_record,
    resident_system.resident TO :"app_role";
GRANT SELECT, INSERT ON resident_system.resend TO :"app_role";
GRANT SELECT ON register.last_notified TO :"app_role";
