"""The agency node (利用機関): an administrative organ listed by law that asks for a confirmation."""
