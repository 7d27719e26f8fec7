"""municipal migrations"""
