"""A store whose file is not what it was: the service answers that, and goes on when it is back."""

from pathlib import Path

from tests.web.served import FIRE, served


def test_a_store_that_was_deleted_or_made_read_only_is_503_with_its_reason(tmp_path: Path) -> None:
    with served(tmp_path) as at:
        briefing = at.briefing()
        file = tmp_path / "store.db"
        file.chmod(0o400)
        refused = at.client.post("/api/v1/briefings", json={"texts": [FIRE], "words": 60})
        assert refused.status_code == 503
        assert refused.json()["detail"].endswith("now: it cannot be written")
        assert at.client.get(f"/api/v1/briefings/{briefing}").status_code == 200
        file.chmod(0o600)
        file.rename(tmp_path / "away.db")
        for path in ("/", "/api/v1/health", f"/api/v1/briefings/{briefing}"):
            gone = at.client.get(path)
            assert gone.status_code == 503, path
            assert "was deleted" in gone.text
            assert str(tmp_path) not in gone.text
        (tmp_path / "away.db").rename(file)
        assert at.client.get("/").status_code == 200
