-- Requests that touch a protected person (支援措置): who was protected when it was taken, and what another officer decided.
-- The two are never the same person: who took the request is copied from it, and the row refuses an equal decider.
ALTER TABLE register.document_request ADD COLUMN protected_numbers bigint[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN register.document_request.protected_numbers IS '審査を要する支援措置の対象者。空は審査を要しない';
CREATE INDEX document_request_reviewed ON register.document_request (requested_at) WHERE protected_numbers <> '{}';

CREATE TABLE register.support_review (
    request_number bigint      NOT NULL,
    requested_by   text        NOT NULL,
    decision       text        COLLATE "C" NOT NULL CHECK (decision IN ('approved', 'refused')),
    findings       text[]      NOT NULL,
    reason         text        NOT NULL,
    reply_address  text,
    decided_at     timestamptz NOT NULL,
    decided_by     text        NOT NULL,
    CONSTRAINT support_review_pkey PRIMARY KEY (request_number),
    CONSTRAINT support_review_other_operator CHECK (decided_by <> requested_by),
    CONSTRAINT support_review_reply CHECK ((decision = 'refused') = (reply_address IS NOT NULL))
);
COMMENT ON TABLE register.support_review IS '支援措置の対象者に係る請求の審査';
COMMENT ON COLUMN register.support_review.requested_by IS '請求を受け付けた操作者';
COMMENT ON COLUMN register.support_review.decision IS '交付する・交付しない';
COMMENT ON COLUMN register.support_review.findings IS '確かめたこと';
COMMENT ON COLUMN register.support_review.reason IS '決定の理由';
COMMENT ON COLUMN register.support_review.reply_address IS '不交付決定通知書の送り先（請求書に書かれたもの）';

GRANT SELECT, INSERT ON register.support_review TO :"app_role";
