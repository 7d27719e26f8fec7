CREATE SCHEMA law;
COMMENT ON SCHEMA law IS '提供の根拠（別表、条例、機関の部署）の変更';

-- A proposal is never edited. It takes effect only by a decision of somebody else, before its day.
CREATE TABLE law.proposal (
    proposal_number bigint      GENERATED ALWAYS AS IDENTITY,
    kind            text        NOT NULL CHECK (kind IN ('affair', 'end', 'items', 'beginning', 'office', 'office_end')),
    effective_on    date        NOT NULL,
    content         jsonb       NOT NULL,
    source          text        NOT NULL CHECK (btrim(source) <> ''),
    proposed_by     text        NOT NULL,
    proposed_on     date        NOT NULL,
    proposed_at     timestamptz NOT NULL,
    CONSTRAINT proposal_pkey PRIMARY KEY (proposal_number),
    CONSTRAINT proposal_decided UNIQUE (proposal_number, proposed_by, effective_on),
    CONSTRAINT proposal_in_advance CHECK (effective_on > proposed_on)
);
COMMENT ON TABLE law.proposal IS '提供の根拠の変更の提案（追記のみ）';
COMMENT ON COLUMN law.proposal.kind IS '事務の追加・終了・項目・開始日、部署の登録・終了';
COMMENT ON COLUMN law.proposal.effective_on IS '施行日（提案の日より後）';
COMMENT ON COLUMN law.proposal.source IS '根拠となる法令、条例又は通知';
COMMENT ON COLUMN law.proposal.proposed_by IS '提案した操作者';
COMMENT ON COLUMN law.proposal.proposed_on IS '提案の日（日本時間）';

-- The proposer and the day come along through the foreign key, so that the database itself can refuse.
CREATE TABLE law.decision (
    proposal_number bigint      NOT NULL,
    proposed_by     text        NOT NULL,
    effective_on    date        NOT NULL,
    is_approved     boolean     NOT NULL,
    decided_by      text        NOT NULL,
    decided_on      date        NOT NULL,
    decided_at      timestamptz NOT NULL,
    reason          text        NOT NULL DEFAULT '',
    CONSTRAINT decision_pkey PRIMARY KEY (proposal_number),
    CONSTRAINT decision_of_proposal FOREIGN KEY (proposal_number, proposed_by, effective_on)
        REFERENCES law.proposal (proposal_number, proposed_by, effective_on),
    CONSTRAINT decision_by_another CHECK (NOT is_approved OR decided_by <> proposed_by),
    CONSTRAINT decision_in_advance CHECK (NOT is_approved OR effective_on > decided_on)
);
COMMENT ON TABLE law.decision IS '提案についての承認又は却下（追記のみ、一度だけ）';
COMMENT ON COLUMN law.decision.decided_by IS '承認又は却下した操作者（承認は提案者以外）';
COMMENT ON COLUMN law.decision.reason IS '却下又は取下げの理由';

GRANT USAGE ON SCHEMA law TO :"app_role";
GRANT SELECT, INSERT ON law.proposal, law.decision TO :"app_role";
