"""HLS (RFC 8216): playlists, segments and their sound."""
