"""Clients that ask at a steady rate and note each request that fails: half of them on one connection for as long as the server keeps it, half on a
connection for each request. Nothing is sent again."""

import threading
import time

from clients import http1
from clients.blocking import Client

PATIENCE = 20  # seconds for an answer


class Steady:
    def __init__(self, address, port, path, clients=8, per_second=160, right=lambda answer: answer.status == 200):
        self.address, self.port, self.request, self.right = address, port, http1.head(path), right
        self.pause = clients / per_second
        self.asked, self.failed, self.slowest = 0, [], 0.0
        self.lock, self.over = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.client, args=(number % 2 == 0,), daemon=True) for number in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def client(self, keeps):
        client = None
        while not self.over.is_set():
            begin, problem = time.monotonic(), None
            try:
                client = client or Client(self.port, timeout=PATIENCE, address=self.address)
                answer = client.ask(self.request)
                if not self.right(answer):
                    problem = f"{answer.status} {bytes(answer.body[:100])!r}"
                if not (keeps and answer.keeps):
                    client.close()
                    client = None
            except (OSError, http1.Cut, http1.Broken) as e:
                problem = f"{type(e).__name__} {e} {'on a kept connection' if keeps else ''}"
                if client:
                    client.close()
                client = None
            took = time.monotonic() - begin
            with self.lock:
                self.asked += 1
                self.slowest = max(self.slowest, took)
                if problem:
                    self.failed.append(f"{time.strftime('%H:%M:%S')} after {took:.2f} s: {problem}")
            self.over.wait(max(0.0, self.pause - took))
