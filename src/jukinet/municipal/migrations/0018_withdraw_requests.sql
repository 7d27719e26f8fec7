-- A request that waits for the review may be withdrawn (請求の取下げ): whoever took it may record that, and nobody is written to.
ALTER TABLE register.support_review DROP CONSTRAINT support_review_decision_check;
ALTER TABLE register.support_review
    ADD CONSTRAINT support_review_decision CHECK (decision IN ('approved', 'refused', 'withdrawn'));
ALTER TABLE register.support_review DROP CONSTRAINT support_review_other_operator;
ALTER TABLE register.support_review
    ADD CONSTRAINT support_review_other_operator CHECK (decision = 'withdrawn' OR decided_by <> requested_by);
COMMENT ON COLUMN register.support_review.decision IS '交付する・交付しない・請求の取下げ';
