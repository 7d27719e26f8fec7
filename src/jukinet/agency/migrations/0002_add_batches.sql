-- What was asked by file, and how far it is. The lines and the results stay where the organ put them.
CREATE TABLE request.batch (
    batch_id      text        NOT NULL,
    asked_at      timestamptz NOT NULL,
    official      text        NOT NULL,
    affair        text        NOT NULL,
    matter_number text        NOT NULL,
    purpose       text        NOT NULL,
    header        text        NOT NULL,
    length        bigint      NOT NULL,
    sha256        text        NOT NULL,
    state         text        NOT NULL,
    CONSTRAINT batch_pkey PRIMARY KEY (batch_id)
);
COMMENT ON TABLE request.batch IS '一括提供の依頼の記録（明細と結果は残さない）';
CREATE INDEX batch_content ON request.batch (sha256);

GRANT SELECT, INSERT, UPDATE ON request.batch TO :"app_role";
