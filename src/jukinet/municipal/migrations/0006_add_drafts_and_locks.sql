-- A form that was begun and not recorded: what was typed so far, for the operator who typed it and nobody else.
CREATE TABLE register.draft_form (
    form_number     text        NOT NULL,
    operator_id     text        NOT NULL,
    path            text        NOT NULL,
    resident_number bigint,
    fields          jsonb       NOT NULL,
    saved_at        timestamptz NOT NULL,
    CONSTRAINT draft_form_pkey PRIMARY KEY (form_number)
);
COMMENT ON TABLE register.draft_form IS '書きかけの届出。登録すると消え、一週間たっても消える';
COMMENT ON COLUMN register.draft_form.path IS '画面';
COMMENT ON COLUMN register.draft_form.fields IS '入力された内容';
CREATE INDEX draft_form_operator ON register.draft_form (operator_id, saved_at);

-- Who is at work on a resident's record: others wait, or ask.
CREATE TABLE register.editing (
    resident_number bigint      NOT NULL,
    operator_id     text        NOT NULL,
    since           timestamptz NOT NULL,
    until           timestamptz NOT NULL,
    CONSTRAINT editing_pkey PRIMARY KEY (resident_number)
);
COMMENT ON TABLE register.editing IS '入力中の住民票';
COMMENT ON COLUMN register.editing.until IS 'この時刻を過ぎると解ける';

GRANT SELECT, INSERT, UPDATE, DELETE ON register.draft_form, register.editing TO :"app_role";

-- A report of a quarantine elsewhere that a clerk has seen to: it is counted no more.
CREATE TABLE register.settled_report (
    receiver             text        NOT NULL,
    resident_record_code text COLLATE "C" NOT NULL,
    update_sequence      integer     NOT NULL,
    settled_at           timestamptz NOT NULL,
    settled_by           text        NOT NULL,
    CONSTRAINT settled_report_pkey PRIMARY KEY (receiver, resident_record_code, update_sequence)
);
COMMENT ON TABLE register.settled_report IS '処置を確かめた保留の知らせ';

GRANT SELECT, INSERT ON register.settled_report TO :"app_role";
