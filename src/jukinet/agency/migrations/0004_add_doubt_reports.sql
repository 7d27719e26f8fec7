-- What the organ doubts of what it was given, and how far each report is. What it holds to be right is not kept here.
CREATE TABLE request.doubt_report (
    report_number   text        COLLATE "C" NOT NULL,
    reported_at     timestamptz NOT NULL,
    official        text        NOT NULL,
    office          text        NOT NULL,
    matter_number   text        NOT NULL,
    through         text        NOT NULL,
    use_log_id      text        NOT NULL,
    place           integer     NOT NULL,
    reason          text        NOT NULL,
    evidence        text        NOT NULL,
    items           text        NOT NULL,
    state           text        NOT NULL DEFAULT 'reported'
        CHECK (state IN ('reported', 'referred', 'under_investigation', 'corrected', 'record_is_right', 'not_held', 'refused')),
    municipality    text,
    answered_on     date,
    due_on          date,
    error_code      text,
    idempotency_key text,
    digest          bytea       NOT NULL,
    CONSTRAINT doubt_report_pkey PRIMARY KEY (report_number),
    CONSTRAINT doubt_report_key UNIQUE (idempotency_key)
);
COMMENT ON TABLE request.doubt_report IS '疑義の通報の記録（通報した内容は残さない）';
COMMENT ON COLUMN request.doubt_report.through IS '通報の経路（screen 画面、command コマンド、organ_system/… 業務システム）';
COMMENT ON COLUMN request.doubt_report.digest IS '通報の内容の要約。同じ鍵での繰返しを確かめる';
CREATE INDEX doubt_report_open ON request.doubt_report (report_number)
    WHERE state IN ('reported', 'referred', 'under_investigation');
CREATE INDEX doubt_report_reported_at ON request.doubt_report (reported_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON request.doubt_report TO :"app_role";
