CREATE SCHEMA shop;
CREATE TABLE shop.customer (
    code text NOT NULL,
    name text NOT NULL,
    CONSTRAINT customer_pkey PRIMARY KEY (code)
);
CREATE TABLE shop.use_log (
    code        text        NOT NULL,
    sequence    bigint      NOT NULL,
    occurred_at timestamptz NOT NULL,
    CONSTRAINT use_log_pkey PRIMARY KEY (code, sequence)
);
COMMENT ON TABLE shop.customer IS '{客}';
GRANT USAGE ON SCHEMA shop TO :"app_role";
GRANT SELECT, INSERT, UPDATE, DELETE ON shop.customer TO :"app_role";
GRANT SELECT, INSERT ON shop.use_log TO :"app_role";
