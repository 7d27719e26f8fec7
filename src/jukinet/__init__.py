"""An open implementation of Japan's Basic Resident Register Network System (住民基本台帳ネットワークシステム)."""
