-- A form that waits for another operator's review (仮登録): data, not a record. It is not searched, not printed, not sent.
CREATE TABLE register.provisional_entry (
    entry_number     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    form_number      text        NOT NULL,
    procedure        text        NOT NULL,
    resident_number  bigint,
    resident_numbers bigint[]    NOT NULL,
    fields           jsonb       NOT NULL,
    submitted_at     timestamptz NOT NULL,
    submitted_by     text        NOT NULL,
    state            text        NOT NULL
        CHECK (state IN ('waiting', 'approved', 'returned', 'withdrawn')),
    decided_at       timestamptz,
    decided_by       text,
    reason           text,
    CONSTRAINT provisional_entry_pkey PRIMARY KEY (entry_number),
    CONSTRAINT provisional_entry_decided
        CHECK ((state = 'waiting') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT provisional_entry_reviewer
        CHECK (state NOT IN ('approved', 'returned') OR decided_by <> submitted_by),
    CONSTRAINT provisional_entry_reason CHECK (state <> 'returned' OR reason IS NOT NULL)
);
COMMENT ON TABLE register.provisional_entry IS '仮登録（審査を待つ届出）。住民票ではなく、送られず、証明にも使わない';
COMMENT ON COLUMN register.provisional_entry.form_number IS '画面ごとの乱数';
COMMENT ON COLUMN register.provisional_entry.procedure IS '手続の画面';
COMMENT ON COLUMN register.provisional_entry.resident_number IS '画面を開いた住民の番号';
COMMENT ON COLUMN register.provisional_entry.resident_numbers IS '記載が変わる住民の番号';
COMMENT ON COLUMN register.provisional_entry.fields IS '入力された内容';
COMMENT ON COLUMN register.provisional_entry.state IS '審査待ち、承認、差戻し、取下げの別';
COMMENT ON COLUMN register.provisional_entry.decided_by IS '審査した操作者（取下げは入力した操作者）';
COMMENT ON COLUMN register.provisional_entry.reason IS '差戻しの理由';
CREATE UNIQUE INDEX provisional_entry_form ON register.provisional_entry (form_number) WHERE state = 'waiting';
CREATE INDEX provisional_entry_waiting ON register.provisional_entry (submitted_at) WHERE state = 'waiting';
CREATE INDEX provisional_entry_residents ON register.provisional_entry USING gin (resident_numbers)
    WHERE state = 'waiting';
CREATE INDEX provisional_entry_submitted_by ON register.provisional_entry (submitted_by, submitted_at);

GRANT SELECT, INSERT, UPDATE ON register.provisional_entry TO :"app_role";

-- A report on a notice with a number of its own (転入通知 and the like) that a clerk has seen to.
CREATE TABLE register.settled_notice_report (
    receiver   text        NOT NULL,
    reference  text        COLLATE "C" NOT NULL,
    settled_at timestamptz NOT NULL,
    settled_by text        NOT NULL,
    CONSTRAINT settled_notice_report_pkey PRIMARY KEY (receiver, reference)
);
COMMENT ON TABLE register.settled_notice_report IS '処置を確かめた、通知番号のある通知の保留の知らせ';
COMMENT ON COLUMN register.settled_notice_report.reference IS '通知番号';

GRANT SELECT, INSERT ON register.settled_notice_report TO :"app_role";
