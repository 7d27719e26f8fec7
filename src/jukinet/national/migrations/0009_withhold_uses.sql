-- 提供の記録の本人への表示を留保する事務（捜査、第三者の秘密）。他の提供の根拠と同じく、前もって二人で定める。
ALTER TABLE law.proposal
    DROP CONSTRAINT proposal_kind_check,
    ADD CONSTRAINT proposal_kind_check
        CHECK (kind IN ('affair', 'end', 'items', 'beginning', 'office', 'office_end', 'withheld'));

COMMENT ON COLUMN law.proposal.kind IS '事務の追加・終了・項目・開始日、部署の登録・終了、記録の留保';
