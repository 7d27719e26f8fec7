-- Reports of doubt: who doubts which use, and what the municipality answered. What the organ holds to be right is not
-- kept here: it passes through the outbox alone.
CREATE SCHEMA doubt;
COMMENT ON SCHEMA doubt IS '疑義の通報';

CREATE TABLE doubt.report (
    report_number        text        COLLATE "C" NOT NULL,
    agency               text        NOT NULL,
    use_log_id           text        NOT NULL,
    place                integer     NOT NULL,
    resident_record_code text        COLLATE "C",
    municipality         text        COLLATE "C",
    reason               text        NOT NULL,
    items                text        NOT NULL,
    received_at          timestamptz NOT NULL,
    due_on               date,
    state                text        NOT NULL
        CHECK (state IN ('referred', 'under_investigation', 'corrected', 'record_is_right', 'not_held', 'refused')),
    answered_on          date,
    error_code           text,
    CONSTRAINT report_pkey PRIMARY KEY (report_number),
    CHECK ((state = 'refused') = (error_code IS NOT NULL)),
    CHECK (state = 'refused' OR (resident_record_code IS NOT NULL AND municipality IS NOT NULL))
);
COMMENT ON TABLE doubt.report IS '利用機関からの疑義の通報と、市区町村の回答';
COMMENT ON COLUMN doubt.report.use_log_id IS '疑義のある提供の記録（audit.use_log.message_id）';
COMMENT ON COLUMN doubt.report.municipality IS '通報先の市区町村（全国地方公共団体コード）';
COMMENT ON COLUMN doubt.report.due_on IS '回答の期限。調査中は調査を終える日';
COMMENT ON COLUMN doubt.report.error_code IS '受け付けなかった理由';
CREATE INDEX report_open ON doubt.report (due_on) WHERE state IN ('referred', 'under_investigation');
CREATE INDEX report_received ON doubt.report (received_at);

GRANT USAGE ON SCHEMA doubt TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON doubt.report TO :"app_role";
