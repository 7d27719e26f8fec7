"""municipal usecases"""
