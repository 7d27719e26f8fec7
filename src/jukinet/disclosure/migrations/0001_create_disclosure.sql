-- What persons ask in writing about their own information, and how it was decided. What was disclosed is not kept: it is
-- read from the record, on the use log, whenever the answer is printed.
CREATE SCHEMA disclosure;
COMMENT ON SCHEMA disclosure IS '自己の本人確認情報の開示・訂正・苦情';

CREATE TABLE disclosure.request (
    request_number       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind                 text        COLLATE "C" NOT NULL CHECK (kind IN ('disclosure', 'correction', 'complaint')),
    received_on          date        NOT NULL,
    due_on               date,
    name                 text        NOT NULL,
    birth_date           text        COLLATE "C" NOT NULL,
    resident_record_code text        COLLATE "C",
    reply_address        text        NOT NULL,
    requester            text        COLLATE "C" NOT NULL,
    identity_check       text        COLLATE "C" NOT NULL,
    statement            text        NOT NULL,
    disclosed_request    bigint,
    recorded_at          timestamptz NOT NULL,
    recorded_by          text        NOT NULL,
    CONSTRAINT request_pkey PRIMARY KEY (request_number),
    CONSTRAINT request_has_code CHECK (kind = 'complaint' OR resident_record_code IS NOT NULL),
    CONSTRAINT request_follows_disclosure CHECK (kind <> 'correction' OR disclosed_request IS NOT NULL),
    CONSTRAINT request_is_due CHECK (kind <> 'disclosure' OR due_on IS NOT NULL)
);
COMMENT ON TABLE disclosure.request IS '自己の本人確認情報の開示の請求、訂正等の申出、苦情';
COMMENT ON COLUMN disclosure.request.received_on IS '受理した日';
COMMENT ON COLUMN disclosure.request.due_on IS '開示の期限（受理した日から起算して三十日）';
COMMENT ON COLUMN disclosure.request.reply_address IS '送付先';
COMMENT ON COLUMN disclosure.request.requester IS '本人又は法定代理人';
COMMENT ON COLUMN disclosure.request.identity_check IS '本人確認の方法';
COMMENT ON COLUMN disclosure.request.statement IS '申出又は苦情の内容';
COMMENT ON COLUMN disclosure.request.disclosed_request IS '訂正等の申出の元になった開示の請求の番号';

CREATE TABLE disclosure.extension (
    request_number bigint      NOT NULL,
    extended_to    date        NOT NULL,
    reason         text        NOT NULL,
    told_on        date        NOT NULL,
    recorded_at    timestamptz NOT NULL,
    recorded_by    text        NOT NULL,
    CONSTRAINT extension_pkey PRIMARY KEY (request_number)
);
COMMENT ON TABLE disclosure.extension IS '開示の期限の延長（一度に限る）';
COMMENT ON COLUMN disclosure.extension.told_on IS '理由と期限を通知した日';

CREATE TABLE disclosure.decision (
    request_number bigint      NOT NULL,
    decision       text        COLLATE "C" NOT NULL
                   CHECK (decision IN ('disclosed', 'no_record', 'refused', 'corrected', 'not_corrected', 'answered')),
    reason         text        NOT NULL,
    needs_second   boolean     NOT NULL,
    proposed_at    timestamptz NOT NULL,
    proposed_by    text        NOT NULL,
    approved_at    timestamptz,
    approved_by    text,
    CONSTRAINT decision_pkey PRIMARY KEY (request_number),
    CONSTRAINT decision_refusal CHECK (decision NOT IN ('refused', 'not_corrected') OR needs_second),
    CONSTRAINT decision_by_two CHECK (NOT needs_second OR approved_by IS NULL OR approved_by <> proposed_by)
);
COMMENT ON TABLE disclosure.decision IS '請求等に対する決定';
COMMENT ON COLUMN disclosure.decision.needs_second IS '二人目の職員の承認を要するか';
COMMENT ON COLUMN disclosure.decision.reason IS '理由又は回答（通知書に記載する）';

CREATE VIEW disclosure.present_request AS
SELECT request.request_number, request.kind, request.received_on, request.due_on, request.name, request.birth_date,
       request.resident_record_code, request.reply_address, request.requester, request.identity_check,
       request.statement, request.disclosed_request, request.recorded_by, extension.extended_to,
       extension.reason AS extension_reason, decision.decision, decision.reason, decision.proposed_by,
       decision.approved_at, decision.approved_by
  FROM disclosure.request
  LEFT JOIN disclosure.extension ON extension.request_number = request.request_number
  LEFT JOIN disclosure.decision ON decision.request_number = request.request_number;
COMMENT ON VIEW disclosure.present_request IS '請求等の現在の状態';

GRANT USAGE ON SCHEMA disclosure TO :"app_role";
GRANT SELECT, INSERT ON disclosure.request, disclosure.extension TO :"app_role";
GRANT SELECT, INSERT, DELETE ON disclosure.decision TO :"app_role";
GRANT UPDATE (approved_at, approved_by) ON disclosure.decision TO :"app_role";
GRANT SELECT ON disclosure.present_request TO :"app_role";
