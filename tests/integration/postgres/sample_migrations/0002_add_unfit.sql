CREATE TABLE shop.unfit (
    code   text    NOT NULL,
    number integer NOT NULL,
    CONSTRAINT unfit_pkey PRIMARY KEY (code, number),
    CONSTRAINT unfit_number_key UNIQUE (number) INCLUDE (code)
);
CREATE INDEX unfit_by_number ON shop.unfit (number);
