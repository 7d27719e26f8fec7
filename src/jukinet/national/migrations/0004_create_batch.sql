CREATE SCHEMA batch;
COMMENT ON SCHEMA batch IS '一括提供';

-- One row for each file, kept for ever; its lines and results go when their retention ends.
CREATE TABLE batch.file (
    batch_number   bigint      GENERATED ALWAYS AS IDENTITY,
    agency         text        NOT NULL,
    batch_id       text        NOT NULL,
    header         text        NOT NULL,
    length         bigint      NOT NULL CHECK (length > 0),
    sha256         text        NOT NULL,
    request        bytea       NOT NULL,
    signature      text        NOT NULL,
    ground         text        NOT NULL,
    items          text        NOT NULL,
    priority       smallint    NOT NULL,
    state          text        NOT NULL CHECK (state IN ('receiving', 'waiting', 'checking', 'matching', 'ready', 'refused',
                                                         'cancelled', 'expired')),
    received       bigint      NOT NULL DEFAULT 0,
    checked        bigint      NOT NULL DEFAULT 0,
    lines          bigint      NOT NULL DEFAULT 0,
    bad_lines      bigint      NOT NULL DEFAULT 0,
    matched        bigint      NOT NULL DEFAULT 0,
    chunks         integer     NOT NULL DEFAULT 0,
    result_bytes   bigint      NOT NULL DEFAULT 0,
    results        jsonb       NOT NULL DEFAULT '{}',
    error_code     text,
    error_detail   text,
    begun_at       timestamptz NOT NULL,
    committed_at   timestamptz,
    matching_at    timestamptz,
    ended_at       timestamptz,
    fetched_at     timestamptz,
    deleted_after  timestamptz NOT NULL,
    CONSTRAINT file_pkey PRIMARY KEY (batch_number),
    CONSTRAINT file_of_agency UNIQUE (agency, batch_id)
);
COMMENT ON TABLE batch.file IS '一括提供のファイル（明細と結果は保存期間の満了で消す）';
COMMENT ON COLUMN batch.file.request IS '署名された開始の電文（証跡）';
COMMENT ON COLUMN batch.file.ground IS '提供の法的根拠';
COMMENT ON COLUMN batch.file.items IS '提供する項目';
COMMENT ON COLUMN batch.file.received IS '受信済みのバイト数';
COMMENT ON COLUMN batch.file.matched IS '照合済みの行数';
COMMENT ON COLUMN batch.file.deleted_after IS 'この時刻の後に明細と結果を消す';
CREATE INDEX file_to_do ON batch.file (priority DESC, batch_number) WHERE state IN ('waiting', 'checking', 'matching');
CREATE INDEX file_to_delete ON batch.file (deleted_after) WHERE state <> 'expired';

CREATE TABLE batch.part (
    batch_number bigint NOT NULL,
    part_offset  bigint NOT NULL,
    content      bytea  NOT NULL,
    CONSTRAINT part_pkey PRIMARY KEY (batch_number, part_offset)
);
ALTER TABLE batch.part ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE batch.part IS '受信したファイルの一部';

CREATE TABLE batch.staged (
    batch_number bigint  NOT NULL,
    block_number integer NOT NULL,
    lines        integer NOT NULL,
    content      bytea   NOT NULL,
    CONSTRAINT staged_pkey PRIMARY KEY (batch_number, block_number)
);
ALTER TABLE batch.staged ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE batch.staged IS '検査を終えた明細（照合するまで）';

CREATE TABLE batch.problem (
    batch_number  bigint NOT NULL,
    line_number   bigint NOT NULL,
    column_number bigint NOT NULL,
    item          text   NOT NULL,
    code          text   NOT NULL,
    rule          text   NOT NULL,
    CONSTRAINT problem_pkey PRIMARY KEY (batch_number, line_number)
);
COMMENT ON TABLE batch.problem IS '明細の誤り（内容は残さない）';

CREATE TABLE batch.result (
    batch_number bigint NOT NULL,
    first_byte   bigint NOT NULL,
    length       bigint NOT NULL,
    content      bytea  NOT NULL,
    CONSTRAINT result_pkey PRIMARY KEY (batch_number, first_byte)
);
ALTER TABLE batch.result ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE batch.result IS '結果（照合の単位ごと）';

GRANT USAGE ON SCHEMA batch TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON batch.file TO :"app_role";
GRANT SELECT, INSERT, DELETE ON batch.part, batch.staged, batch.problem, batch.result TO :"app_role";
