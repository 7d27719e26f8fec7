-- What residents ask for at the counter about their own information, which the nation answers. Nothing of the answer is kept.
CREATE TABLE register.counter_request (
    request_number  bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind            text        COLLATE "C" NOT NULL CHECK (kind IN ('use_log', 'proof_file', 'enrolment')),
    resident_number bigint      NOT NULL,
    requester       text        COLLATE "C" NOT NULL CHECK (requester IN ('self', 'legal_representative')),
    identity_check  text        COLLATE "C" NOT NULL CHECK (identity_check IN ('photo_document', 'other_documents')),
    requested_at    timestamptz NOT NULL,
    requested_by    text        NOT NULL,
    CONSTRAINT counter_request_pkey PRIMARY KEY (request_number)
);
COMMENT ON TABLE register.counter_request IS '本人からの提供状況の開示・利用登録の請求（窓口）';
COMMENT ON COLUMN register.counter_request.requester IS '請求の任に当たった者';
COMMENT ON COLUMN register.counter_request.identity_check IS '本人確認の方法';
CREATE INDEX counter_request_resident ON register.counter_request (resident_number);

GRANT SELECT, INSERT ON register.counter_request TO :"app_role";
