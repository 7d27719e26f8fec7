-- Portions of a file are matched side by side, and the first is not always done first: where the results of one begin
-- follows from the lengths of those before it. What was the first byte orders them as well.
ALTER TABLE batch.result RENAME COLUMN first_byte TO portion;
COMMENT ON COLUMN batch.result.portion IS '一度に照合したまとまりの番号。結果はこの順に続く';
COMMENT ON COLUMN batch.file.chunks IS '照合済みのブロックの数';
