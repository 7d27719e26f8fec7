-- A correction that a person asked for is put to the municipality that holds the record. What the person holds to be right
-- travels with it and is not kept here.
CREATE TABLE disclosure.referral (
    report_number  text        COLLATE "C" NOT NULL,
    request_number bigint      NOT NULL,
    municipality   text        COLLATE "C" NOT NULL,
    items          text        COLLATE "C" NOT NULL,
    due_on         date        NOT NULL,
    referred_at    timestamptz NOT NULL,
    referred_by    text        NOT NULL,
    outcome        text        COLLATE "C"
                   CHECK (outcome IN ('corrected', 'record_is_right', 'under_investigation', 'not_held')),
    answered_on    date,
    expected_on    date,
    CONSTRAINT referral_pkey PRIMARY KEY (report_number)
);
COMMENT ON TABLE disclosure.referral IS '訂正等の申出についての市町村への照会';
COMMENT ON COLUMN disclosure.referral.items IS '誤りがあるとされた項目';
COMMENT ON COLUMN disclosure.referral.due_on IS '回答の期限';
COMMENT ON COLUMN disclosure.referral.outcome IS '市町村の回答';
COMMENT ON COLUMN disclosure.referral.expected_on IS '調査を終える予定の日';
CREATE INDEX referral_request ON disclosure.referral (request_number);

GRANT SELECT, INSERT ON disclosure.referral TO :"app_role";
GRANT UPDATE (outcome, answered_on, expected_on) ON disclosure.referral TO :"app_role";
