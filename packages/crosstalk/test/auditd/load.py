'''Calls of every kind that auditd can tell of, with names and arguments that are hard to write down: load.py SEED ROUNDS FOLDER. Harmless.'''
import ctypes, os, random, socket, sys, mmap, subprocess, time
libc = ctypes.CDLL(None, use_errno=True)
seed, rounds, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
r = random.Random(seed)
d = f'{folder}/w{seed}'
os.makedirs(d, exist_ok=True); os.chmod(d, 0o777)
os.chdir(d)
odd = ['a b', 'ä ö', 'q"uote', "it's", 'tab\there', 'nl\nx', '日本', '=', 'x=y z=1', '(null)', 'ABCD', '12', '', '\x7f', '\x1b[31m', 'back\\slash', '{', '}', 'a,b', '@', 'deadbeef']
if seed % 4 == 1: os.setgid(1); os.setuid(1)
if seed % 4 == 2: os.setgid(65534); os.setuid(65534)
if seed % 4 == 3: os.setgid(4711); os.setuid(12345)
if seed % 4 == 0:
    try: open('/proc/self/comm','w').write('od d"x')
    except OSError: pass
def quiet(f, *a):
    try: return f(*a)
    except OSError: return None
def unix():
    s = socket.socket(socket.AF_UNIX, r.choice([socket.SOCK_STREAM, socket.SOCK_DGRAM]))
    n = r.choice([f'{d}/s{r.randrange(9)}', f's {r.choice(odd)}'.replace('\0',''), '\0abs' + r.choice(odd), '\0a\0b', 'x'*r.randrange(1,107), '/run/' + r.choice(odd).strip() + 'x', b'\xff\xfe'+b'q'])
    quiet(s.bind, n)
    c = socket.socket(socket.AF_UNIX, s.type); 
    if s.type == socket.SOCK_STREAM: quiet(s.listen, 1)
    c.setblocking(False)
    quiet(c.connect, n)
    if s.type == socket.SOCK_STREAM:
        s.setblocking(False); a = quiet(s.accept)
        if a: a[0].close()
    else: quiet(c.sendto, b'x', n)
    c.close(); s.close()
    if isinstance(n, str) and not n.startswith('\0'): quiet(os.unlink, n)
    elif isinstance(n, bytes): quiet(os.unlink, n)
def inet():
    f = r.choice([socket.AF_INET, socket.AF_INET6])
    s = socket.socket(f, socket.SOCK_DGRAM)
    a = r.choice(['127.0.0.1','192.0.2.%d' % r.randrange(255)]) if f == socket.AF_INET else r.choice(['::1','2001:db8::%x' % r.randrange(65535),'::ffff:10.1.2.3','fe80::1:0:0:2','2001:db8:0:0:1:0:0:1','::'])
    quiet(s.connect, (a, r.randrange(65536))); s.close()
    if r.random() < .3:
        s = socket.socket(f, socket.SOCK_STREAM); s.setblocking(False)
        quiet(s.connect, ('127.0.0.1' if f == socket.AF_INET else '::1', 1)); s.close()
def netlink():
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); quiet(s.bind, (0, r.randrange(3))); s.close()
def other():
    for fam, size in ((17,20),(40,16),(38,88),(31,10),(0,16),(99,16),(1,2),(2,4),(2,16),(10,8),(10,28),(16,4),(3,16)):
        fd = r.choice([0, 1]); b = bytes([fam & 255, fam >> 8]) + bytes(r.randrange(256) for _ in range(size-2))
        libc.connect(fd, b, len(b))
def fifo():
    n = r.choice([f'f{r.randrange(9)}', 'f ' + r.choice(odd).replace('/', '_')])
    quiet(os.mkfifo, n); quiet(lambda: os.close(os.open(n, os.O_RDONLY | os.O_NONBLOCK))); quiet(os.unlink, n)
    libc.mknod(n.encode(), 0o10600, 0); quiet(os.unlink, n)
def sysv():
    k = r.randrange(1, 50) if r.random() < .5 else 0
    i = libc.shmget(k, 4096, 0o1600); p = libc.shmat(i, None, 0); libc.shmctl(i, 0, None)
    q = libc.msgget(k, 0o1600); libc.msgsnd(q, ctypes.create_string_buffer(b'\1\0\0\0\0\0\0\0hi'), 2, 0o4000); libc.msgctl(q, 0, None)
    s = libc.semget(k, 1, 0o1600); libc.semctl(s, 0, 0, 0)
rt = libc
def mq():
    n = f'/q{r.randrange(9)}'.encode()
    m = rt.mq_open(n, 0o102, 0o600, None)
    if m >= 0: rt.mq_send(m, b'x', 1, 0); rt.mq_unlink(n); os.close(m)
def trace():
    pid = os.fork()
    if pid == 0:
        time.sleep(.002); os._exit(0)
    libc.ptrace(16, pid, None, None)
    buf = ctypes.create_string_buffer(8)
    iov = (ctypes.c_size_t * 2)(ctypes.addressof(buf), 8)
    libc.process_vm_readv(pid, iov, 1, iov, 1, 0); libc.process_vm_writev(pid, iov, 1, iov, 1, 0)
    quiet(lambda: os.waitpid(pid, 0)); libc.ptrace(17, pid, None, None); quiet(lambda: os.kill(pid, 9)); quiet(lambda: os.waitpid(pid, 0))
def pipes():
    a, b = os.pipe(); os.close(a); os.close(b)
    a, b = socket.socketpair(); a.close(); b.close()
    fd = os.memfd_create(r.choice(['x', 'od d'])); os.ftruncate(fd, 4096); m = mmap.mmap(fd, 4096); m.close(); os.close(fd)
def run():
    args = ['/bin/true'] + [r.choice(odd) for _ in range(r.randrange(6))]
    if r.random() < .03: args.append('long ' + 'é' * r.randrange(4000, 9000))
    if r.random() < .03: args += ['n%d' % i for i in range(300)]
    if r.random() < .05: args.append(b'\xff\xfe\x80 bad')
    if r.random() < .03: args.append('A' * 9000)
    pid = os.fork()
    if pid == 0:
        try: os.execv(r.choice(['/bin/true', '/bin/nope', './rel ative', f'{folder}/i386']), args)
        finally: os._exit(1)
    os.waitpid(pid, 0)
def run32():
    pid = os.fork()
    if pid == 0: os.execv(f'{folder}/i386', [f'{folder}/i386', '/bin/true'])
    os.waitpid(pid, 0)
def files():
    n = 'file ' + r.choice(odd).replace('/', '_')
    quiet(lambda: os.close(os.open(n, os.O_CREAT | os.O_WRONLY, 0o644))); quiet(os.rename, n, n + 'z'); quiet(os.unlink, n + 'z')
acts = [unix]*8 + [inet]*4 + [netlink, other, fifo, fifo, sysv, sysv, mq, trace, pipes, pipes, run, run, run32, files]
for _ in range(rounds): r.choice(acts)()
