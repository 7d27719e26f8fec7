-- Requests for documents and the documents issued. A request is kept as long as the form it was written on: one year
-- from its receipt, as the notification forms of Order art. 34; issued_document as long as its request. The PDF stays
-- only from issue until it is handed over or void: the law asks for no copy, and what is not kept cannot leak. What was
-- issued can be proved by the digest.
CREATE SEQUENCE register.document_number;
COMMENT ON SEQUENCE register.document_number IS '証明書の発行番号';
GRANT USAGE ON SEQUENCE register.document_number TO :"app_role";

CREATE TABLE register.document_request (
    request_number   bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind             text        COLLATE "C" NOT NULL,
    ground           text        COLLATE "C" NOT NULL,
    resident_numbers bigint[]    NOT NULL,
    versions         integer[]   NOT NULL,
    items            text[]      NOT NULL,
    requester_number bigint,
    requester_name   text        NOT NULL,
    bearer           text        COLLATE "C" NOT NULL,
    bearer_name      text,
    identity_check   text        COLLATE "C" NOT NULL,
    documents        text[]      NOT NULL,
    purpose          text,
    client           text,
    handing_over     text        COLLATE "C" NOT NULL,
    is_reissue       boolean     NOT NULL,
    fee_yen          integer     NOT NULL CHECK (fee_yen >= 0),
    requested_at     timestamptz NOT NULL,
    requested_by     text        NOT NULL,
    CONSTRAINT document_request_pkey PRIMARY KEY (request_number),
    CONSTRAINT document_request_versions CHECK (cardinality(resident_numbers) = cardinality(versions))
);
COMMENT ON TABLE register.document_request IS '証明書の請求・申出';
COMMENT ON COLUMN register.document_request.ground IS '請求の根拠（法十二条・十二条の二・十二条の三）';
COMMENT ON COLUMN register.document_request.resident_numbers IS '請求の対象とする人';
COMMENT ON COLUMN register.document_request.versions IS '請求を受けたときの住民票の版';
COMMENT ON COLUMN register.document_request.items IS '特に記載を求められた事項';
COMMENT ON COLUMN register.document_request.bearer IS '現に請求の任に当たっている者の別';
COMMENT ON COLUMN register.document_request.purpose IS '請求事由・利用の目的';
COMMENT ON COLUMN register.document_request.client IS '特定事務受任者の依頼者と業務の種類';
COMMENT ON COLUMN register.document_request.fee_yen IS '手数料（円）';
CREATE INDEX document_request_requested_at ON register.document_request (requested_at);

CREATE TABLE register.issued_document (
    document_number  text        COLLATE "C" NOT NULL,
    request_number   bigint      NOT NULL,
    resident_numbers bigint[]    NOT NULL,
    versions         integer[]   NOT NULL,
    sheet_digest     text        COLLATE "C" NOT NULL,
    content_digest   bytea       NOT NULL,
    code_hash        bytea       NOT NULL,
    issued_at        timestamptz NOT NULL,
    issued_on        date        NOT NULL,
    issued_by        text        NOT NULL,
    fee_yen          integer     NOT NULL CHECK (fee_yen >= 0),
    state            text        COLLATE "C" NOT NULL CHECK (state IN ('printed', 'handed_over', 'void')),
    settled_at       timestamptz,
    settled_by       text,
    void_reason      text,
    content          bytea,
    CONSTRAINT issued_document_pkey PRIMARY KEY (document_number),
    CONSTRAINT issued_document_kept CHECK (content IS NULL OR state = 'printed'),
    CONSTRAINT issued_document_void CHECK ((state = 'void') = (void_reason IS NOT NULL)),
    CONSTRAINT issued_document_void_fee CHECK (state <> 'void' OR fee_yen = 0)
);
COMMENT ON TABLE register.issued_document IS '発行した証明書';
COMMENT ON COLUMN register.issued_document.versions IS '証明した住民票の版';
COMMENT ON COLUMN register.issued_document.sheet_digest IS '記載内容のダイジェスト（証明書の二次元コードにもある）';
COMMENT ON COLUMN register.issued_document.content_digest IS '署名済みPDFのダイジェスト';
COMMENT ON COLUMN register.issued_document.code_hash IS '確認コードのハッシュ';
COMMENT ON COLUMN register.issued_document.fee_yen IS '徴収した手数料（円）。無効にしたものは零';
COMMENT ON COLUMN register.issued_document.state IS '印刷済み・交付済み・無効';
COMMENT ON COLUMN register.issued_document.void_reason IS '無効の理由（書損等）';
COMMENT ON COLUMN register.issued_document.content IS '署名済みPDF。交付又は無効にしたとき消す';
CREATE UNIQUE INDEX issued_document_of_request ON register.issued_document (request_number) WHERE state <> 'void';
CREATE INDEX issued_document_issued_on ON register.issued_document (issued_on, issued_by);

-- Wrong answers are counted for a while, so that codes cannot be guessed one after another.
CREATE TABLE register.verification_attempt (
    operator_id  text        NOT NULL,
    attempted_at timestamptz NOT NULL,
    is_genuine   boolean     NOT NULL
);
COMMENT ON TABLE register.verification_attempt IS '証明書の真正性の確認の回数';
CREATE INDEX verification_attempt_at ON register.verification_attempt (operator_id, attempted_at);

GRANT SELECT, INSERT ON register.document_request, register.verification_attempt TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON register.issued_document TO :"app_role";
