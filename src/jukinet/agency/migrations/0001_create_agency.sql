CREATE SCHEMA request;
COMMENT ON SCHEMA request IS '照会';

CREATE TABLE request.confirmation (
    message_id    text        NOT NULL,
    asked_at      timestamptz NOT NULL,
    official      text        NOT NULL,
    affair        text        NOT NULL,
    matter_number text        NOT NULL,
    purpose       text        NOT NULL,
    result        text        NOT NULL,
    PRIMARY KEY (message_id)
);
COMMENT ON TABLE request.confirmation IS '本人確認情報の照会の記録（結果の中身は残さない）';
CREATE INDEX confirmation_matter ON request.confirmation (matter_number);

GRANT USAGE ON SCHEMA request TO :"app_role";
GRANT SELECT, INSERT ON request.confirmation TO :"app_role";
