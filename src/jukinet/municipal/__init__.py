"""The municipal node (市町村のコミュニケーションサーバ): the register of record, and its notices upward."""
