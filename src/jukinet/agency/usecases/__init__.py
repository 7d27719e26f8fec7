"""agency usecases"""
