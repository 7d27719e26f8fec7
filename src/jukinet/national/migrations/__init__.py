"""national migrations"""
