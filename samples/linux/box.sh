#!/bin/bash
# Run by record.sh in namespaces of its own: a system over this one, without what is ours in it; auditd; the day.
set -eu
export PATH=$PATH:/usr/sbin:/sbin
here=$1 box=$2 system=$2/system
mount -t overlay overlay -o "lowerdir=/,upperdir=$box/upper,workdir=$box/work" "$system"
# What is no part of a fresh system is hidden.
for folder in "$system"/*/; do
  folder=${folder%/}
  case ${folder##*/} in
    bin | etc | lib* | opt | proc | sbin | sys | usr | var | dev | run | tmp) ;;
    *) [ -L "$folder" ] || mount -t tmpfs tmpfs "$folder" ;;
  esac
done
for folder in opt usr/local var/backups var/tmp; do mount -t tmpfs tmpfs "$system/$folder"; done
mount -t tmpfs -o mode=1777 tmpfs "$system/tmp"
mount -t tmpfs tmpfs "$system/run"
mkdir -p "$system"/{home,srv/host,srv/build} "$system"/opt/{ledger/bin,shop}
rm -f "$system"/etc/profile.d/*
mkdir -p "$system"/usr/local/{bin,sbin}
for file in bash.bashrc environment; do : > "$system/etc/$file"; done
mount -t proc proc "$system/proc"
mount --rbind /dev "$system/dev"
mount -t tmpfs -o mode=1777 tmpfs "$system/dev/shm"
[ -d "$system/dev/mqueue" ] && umount "$system/dev/mqueue" 2>/dev/null || true
cp "$here"/host/*  "$box"/made/* "$system/srv/host"
cp "$here/day.sh" "$system/srv/day.sh"
chmod -R a+rX "$system/srv"
install -m 755 "$here/host/ledgerd" "$system/opt/ledger/bin/ledgerd"
install -m 755 "$here/host/ledger" "$system/usr/local/bin/ledger"
install -m 644 "$here/host/shop.js" "$system/opt/shop/shop.js"
hostname ASH-LNX01
echo ASH-LNX01 > "$system/etc/hostname"
echo '127.0.0.1 localhost ASH-LNX01' > "$system/etc/hosts"
sed -i '/:\/home\//d' "$system/etc/passwd"
chroot "$system" useradd -u 3001 -m -s /bin/bash deploy
chroot "$system" useradd -u 3002 -m -s /bin/bash maria
chroot "$system" useradd -u 3101 -M -s /usr/sbin/nologin ledger
chroot "$system" useradd -u 3102 -M -s /usr/sbin/nologin shop

mkdir -p "$system/etc/audit/plugins.d" "$system/var/log/audit"
rm -f "$system"/etc/audit/plugins.d/* "$system"/var/log/audit/*
cat > "$system/etc/audit/auditd.conf" <<'CONF'
local_events = yes
write_logs = yes
log_file = /var/log/audit/audit.log
log_format = ENRICHED
flush = INCREMENTAL_ASYNC
freq = 500
max_log_file = 100
max_log_file_action = IGNORE
name_format = HOSTNAME
space_left = 75
space_left_action = SYSLOG
admin_space_left = 50
admin_space_left_action = SYSLOG
disk_full_action = SYSLOG
disk_error_action = SYSLOG
q_depth = 20000
overflow_action = SYSLOG
CONF
chmod 640 "$system/etc/audit/auditd.conf"
chroot "$system" auditd -n -s enable >/dev/null 2>&1 &
echo $! > "$box/auditd.pid"
sleep 1
auditctl -b 8192 >/dev/null
# The rules of coverage, for these people alone.
sed '/^-a/s/ -k / -F auid>=3001 -F auid<=3102 -k /' "$box"/rules/*.rules > "$box/recording.rules"
auditctl -R "$box/recording.rules" > "$box/rules.out" 2>&1 || { cat "$box/rules.out"; exit 1; }
# No way out: a network with nothing but itself, and the address that the attack speaks to.
unshare --net --ipc chroot "$system" bash -c 'ip link set lo up && ip address add 203.0.113.45/32 dev lo && cd /srv && exec bash /srv/day.sh'
sleep 1
auditctl -s | grep lost
kill "$(cat "$box/auditd.pid")"
wait || true
cp "$system/var/log/audit/audit.log" "$system/srv/times" "$box/out/"
