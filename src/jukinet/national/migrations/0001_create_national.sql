CREATE SCHEMA allotment;
COMMENT ON SCHEMA allotment IS '住民票コードの指定';

-- A code is here once and for ever: that is what makes it unique nationwide (I7).
CREATE TABLE allotment.code (
    resident_record_code text COLLATE "C" NOT NULL,
    municipality         text        NOT NULL,
    allotted_at          timestamptz NOT NULL,
    message_id           text        NOT NULL,
    CONSTRAINT code_pkey PRIMARY KEY (resident_record_code)
);
COMMENT ON TABLE allotment.code IS '市町村に指定した住民票コード（全国で一度だけ）';

GRANT USAGE ON SCHEMA allotment TO :"app_role";
GRANT SELECT, INSERT ON allotment.code TO :"app_role";
