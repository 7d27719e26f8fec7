-- A form is recorded once, however often it is sent.
CREATE TABLE register.recorded_form (
    form_number     text        NOT NULL,
    resident_number bigint      NOT NULL,
    version         integer     NOT NULL,
    recorded_at     timestamptz NOT NULL,
    CONSTRAINT recorded_form_pkey PRIMARY KEY (form_number)
);
COMMENT ON TABLE register.recorded_form IS '登録済みの画面。同じ画面が二度送られても一度だけ登録する';
COMMENT ON COLUMN register.recorded_form.form_number IS '画面ごとの乱数';

CREATE INDEX notified_identification_queued ON register.notified_identification (queued_at);

GRANT SELECT, INSERT ON register.recorded_form TO :"app_role";
