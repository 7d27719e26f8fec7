"""national usecases"""
