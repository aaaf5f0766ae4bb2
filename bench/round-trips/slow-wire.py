"""Carries every IP packet between two TUN devices with a delay, as a long line does: NAME NAME. Says "ready" when both are
there. The delay in each direction, in milliseconds, is 0 at first, and what the last line of the standard input says."""

import collections
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def device(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return fd


one, other = (device(name) for name in sys.argv[1:3])
opposite = {one: other, other: one}
under_way = collections.deque()
delay = 0.0
print("ready", flush=True)
while True:
    wait = max(0.0, under_way[0][0] - time.monotonic()) if under_way else None
    readable, _, _ = select.select([0, one, other], [], [], wait)
    if 0 in readable:
        line = sys.stdin.readline()
        if line == "":
            break
        delay = float(line) / 1000
        print("ready", flush=True)
    for fd in opposite:
        while fd in readable:
            try:
                under_way.append((time.monotonic() + delay, opposite[fd], os.read(fd, 65536)))
            except BlockingIOError:
                break
    while under_way and under_way[0][0] <= time.monotonic():
        _, fd, packet = under_way.popleft()
        try:
            os.write(fd, packet)
        except OSError:
            pass  # the other side is not up yet, or not any more
