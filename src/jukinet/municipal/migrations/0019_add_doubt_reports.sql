-- What organs doubt of our residents' records (誤りの通報), and what was answered.
CREATE TABLE register.doubt_report (
    doubt_number         bigint      GENERATED ALWAYS AS IDENTITY,
    report_number        text        COLLATE "C" NOT NULL,
    resident_record_code text        COLLATE "C" NOT NULL,
    resident_number      bigint,
    organ                text        NOT NULL,
    office               text        NOT NULL,
    contact              text        NOT NULL,
    reason               text        NOT NULL,
    evidence             text        NOT NULL,
    items                text        NOT NULL,
    stated               jsonb,
    provided_at          timestamptz NOT NULL,
    reported_on          date        NOT NULL,
    received_at          timestamptz NOT NULL,
    due_on               date        NOT NULL,
    state                text        NOT NULL
        CHECK (state IN ('referred', 'under_investigation', 'corrected', 'record_is_right', 'not_held')),
    answered_at          timestamptz,
    answered_by          text,
    CONSTRAINT doubt_report_pkey PRIMARY KEY (doubt_number),
    CONSTRAINT doubt_report_number UNIQUE (report_number),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL)),
    -- What the organ holds is needed until the report is answered for good, and not a day longer.
    CHECK (stated IS NULL OR state IN ('referred', 'under_investigation'))
);
COMMENT ON TABLE register.doubt_report IS '利用機関からの疑義の通報';
COMMENT ON COLUMN register.doubt_report.resident_number IS '通報を受けた時のこの住民票コードの住民';
COMMENT ON COLUMN register.doubt_report.stated IS '利用機関が正しいと考える内容（最終の回答をした時に消す）';
COMMENT ON COLUMN register.doubt_report.provided_at IS '疑義のある提供がされた日時。その後に修正があったかを確かめる';
COMMENT ON COLUMN register.doubt_report.due_on IS '回答の期限。調査中は調査を終える日';
CREATE INDEX doubt_report_open ON register.doubt_report (due_on, doubt_number)
    WHERE state IN ('referred', 'under_investigation');

GRANT SELECT, INSERT, UPDATE ON register.doubt_report TO :"app_role";
