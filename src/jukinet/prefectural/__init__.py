"""The prefectural node (都道府県サーバ): identification information of the prefecture's residents."""
