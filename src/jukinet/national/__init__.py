"""The national node (全国サーバ): everyone's identification information, and its provision to agencies."""
