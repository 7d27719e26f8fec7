"""prefectural usecases"""
