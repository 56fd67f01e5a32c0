"""Returns in a bucket, on a server of S3; `make s3` runs it, pytest does not find it by itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any

import boto3
import httpx
import moto.settings
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from flows.house import House
from schemas.errors import ChannelError
from tests.flows.channels.taking import kept, take, take_in_vain

BUCKET, FOLDER = "linfen", "returns"
UNKNOWN_KEYS = ("AKIANOBODYKNOWSTHIS0", "nor this")


@dataclass(frozen=True)
class Store:
    """A server of S3 with a bucket; who may use it, and its owner."""

    url: str
    keys: tuple[str, str]
    owner: Any

    def names(self) -> set[str]:
        """What stands in the bucket."""
        found = self.owner.list_objects_v2(Bucket=BUCKET)
        return {each["Key"].removeprefix(f"{FOLDER}/") for each in found.get("Contents", [])}

    def put(self, name: str, content: bytes) -> None:
        """Send a file there."""
        self.owner.put_object(Bucket=BUCKET, Key=f"{FOLDER}/{name}", Body=content)

    def way(self, *, keys: tuple[str, str] | None = None) -> dict[str, object]:
        """The settings of a channel, also with other keys."""
        key, secret = keys or self.keys
        options = {"key": key, "secret": secret, "endpoint_url": self.url}
        url = f"s3://{BUCKET}/{FOLDER}"
        return {"name": "bucket", "kind": "store", "url": url, "options": options}


class _Line:
    """What the server answers by; it may be cut after so many bytes of a file."""

    def __init__(self) -> None:
        self.octets: int | None = None
        self._served = DomainDispatcherApplication(create_backend_app)

    def __call__(self, asked: dict[str, Any], begin: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._served(asked, begin)
        return answer if self.octets is None else self._cut(b"".join(answer), self.octets)

    def _cut(self, body: bytes, octets: int) -> Iterator[bytes]:
        yield body[:octets]
        if len(body) > octets:
            raise ConnectionAbortedError


@pytest.fixture
def line() -> _Line:
    return _Line()


@pytest.fixture
def store(line: _Line, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A bucket with two returns in it and some files that are none."""
    with make_server("127.0.0.1", 0, line, threaded=True) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        httpx.post(f"{url}/moto-api/reset").raise_for_status()  # it outlives its servers
        keys = _user(url)
        owner = boto3.client("s3", endpoint_url=url, region_name="us-east-1", **_named(keys))
        owner.create_bucket(Bucket=BUCKET)
        store = Store(url, keys, owner)
        store.put("2021/北岸.xlsx", b"first")
        store.put("south.xlsx", b"second")
        for name in ("~$south.xlsx", ".hidden", "half.xlsx.filepart"):
            store.put(name, b"no return")
        # From now on it asks who is there.
        monkeypatch.setattr(moto.settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
        yield store
        server.shutdown()
        thread.join(30)


def _user(url: str) -> tuple[str, str]:
    """A user of the server who may do anything; key and secret."""
    anybody = ("anybody", "anything")
    iam = boto3.client("iam", endpoint_url=url, region_name="us-east-1", **_named(anybody))
    iam.create_user(UserName="huizong")
    allowed = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", '
    policy = allowed + '"Resource": "*"}]}'
    iam.put_user_policy(UserName="huizong", PolicyName="all", PolicyDocument=policy)
    made = iam.create_access_key(UserName="huizong")["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]


def _named(keys: tuple[str, str]) -> dict[str, str]:
    return {"aws_access_key_id": keys[0], "aws_secret_access_key": keys[1]}


def test_what_stands_in_a_bucket_is_kept_with_its_folder_and_known_the_next_time(
    house: House, store: Store
) -> None:
    first = take(house, **store.way(), sender="Northshore")
    assert (first.received, first.new, first.left) == (2, 2, [])
    sender = house.scheme.county("990102").name.en
    assert kept(house) == [
        ("bucket", "2021/北岸.xlsx", sender),
        ("bucket", "south.xlsx", sender),
    ]
    again = take(house, **store.way())
    assert (again.received, again.new) == (2, 0)


def test_what_is_kept_is_moved_and_what_cannot_be_kept_is_not(house: House, store: Store) -> None:
    others = {"~$south.xlsx", ".hidden", "half.xlsx.filepart"}
    take(house, **store.way(), moved_to="taken")
    moved = {"taken/2021/北岸.a7937b64.xlsx", "taken/south.16367aac.xlsx"}
    assert store.names() == others | moved
    store.put("south.xlsx", b"third")
    take_in_vain(house, **store.way(), moved_to="taken")
    assert store.names() == others | moved | {"south.xlsx"}


def test_whom_the_server_does_not_know_is_told_to_check_the_keys(
    house: House, store: Store
) -> None:
    for keys in (UNKNOWN_KEYS, (store.keys[0], "not the secret")):
        with pytest.raises(ChannelError, match="check the keys in its options"):
            take(house, **store.way(keys=keys))
    assert kept(house) == []


def test_a_bucket_that_is_not_there_is_told(house: House, store: Store) -> None:
    with pytest.raises(ChannelError, match="there is no folder 'nowhere/returns'"):
        take(house, **store.way() | {"url": f"s3://nowhere/{FOLDER}"})


def test_a_connection_that_is_cut_loses_nothing_and_may_be_tried_again(
    house: House, store: Store, line: _Line
) -> None:
    store.put("zz-large.xlsx", bytes(1_000_000))
    line.octets = 100_000
    with pytest.raises(ConnectionError, match=f"s3://{BUCKET}/{FOLDER}"):
        take(house, **store.way(), moved_to="taken")
    assert "zz-large.xlsx" in store.names()
    line.octets = None
    take(house, **store.way(), moved_to="taken")
    assert [name for _, name, _ in kept(house)] == ["2021/北岸.xlsx", "south.xlsx", "zz-large.xlsx"]
