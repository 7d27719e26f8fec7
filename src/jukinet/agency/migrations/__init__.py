"""agency migrations"""
