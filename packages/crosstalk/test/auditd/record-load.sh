#!/bin/bash
# Records some 210,000 audit events of this machine, for compare-ausearch.ts: record-load.sh FOLDER [RAW|ENRICHED [NODE]]. As root; two minutes, 150 to 200 MB.
# Only what the load itself does is asked for (audit id 33); auditing is switched off again at the end, whatever happens.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && folder=$(cd "$1" && pwd)
format=${2:-RAW} name=${3:-}
export PATH=$PATH:/usr/sbin:/sbin
[ "$(auditctl -s | awk '/^pid/ { print $2 }')" = 0 ] || { echo 'an audit daemon is running: stop it first'; exit 1; }
daemon=
finish() {
  auditctl -D >/dev/null || true
  auditctl -e 0 >/dev/null || true
  [ -z "$daemon" ] || { kill "$daemon"; wait "$daemon"; } || true
}
trap finish EXIT
mkdir -p "$folder/conf/plugins.d" "$folder/log" "$folder/load"
chmod 755 "$folder" "$folder/load"
gcc -O1 -o "$folder/load/i386" "$here/i386.c"
cat > "$folder/conf/auditd.conf" <<CONF
local_events = yes
write_logs = yes
log_file = $folder/log/audit.log
log_format = $format
flush = INCREMENTAL_ASYNC
freq = 500
max_log_file = 2000
max_log_file_action = IGNORE
name_format = ${name:+USER}${name:-NONE}
space_left = 75
space_left_action = SYSLOG
admin_space_left = 50
admin_space_left_action = SYSLOG
disk_full_action = SYSLOG
disk_error_action = SYSLOG
q_depth = 20000
overflow_action = SYSLOG
plugin_dir = $folder/conf/plugins.d
CONF
[ -z "$name" ] || sed -i "s/^name_format.*/name_format = USER\nname = $name/" "$folder/conf/auditd.conf"
chmod 640 "$folder/conf/auditd.conf"
auditd -n -c "$folder/conf" -s enable >/dev/null 2>&1 &
daemon=$!
sleep 1
auditctl -b 8192 >/dev/null
ask() { auditctl -a always,exit "$@" >/dev/null; }
ask -F arch=b64 -F auid=33 -S execve,execveat -k exec
ask -F arch=b32 -F auid=33 -S execve,mknod,connect,socketcall,unlink -k b32
ask -F arch=b64 -F auid=33 -S connect,bind,accept,accept4,sendto,sendmsg -k sock
ask -F arch=b64 -F auid=33 -S mknod,mknodat -k fifo -k two
ask -F arch=b64 -F auid=33 -S mq_open,mq_unlink,mq_timedsend,shmget,shmat,shmctl,msgget,msgsnd,msgctl,semget,semctl -k ipc
ask -F arch=b64 -F auid=33 -S ptrace,process_vm_readv,process_vm_writev -k ptrace
ask -F arch=b64 -F auid=33 -S pipe2,socketpair,memfd_create
ask -F arch=b64 -F auid=33 -S mmap -F 'a2&2' -F 'a3&1' -k mmap
ask -F arch=b64 -F auid=33 -S rename,unlink
ask -F arch=b64 -F auid=33 -F "dir=$folder/load" -S openat -k files
workers=()
for seed in 1 2 3 4; do
  (echo 33 > /proc/self/loginuid && exec /usr/bin/python3 "$here/load.py" "$seed" 13000 "$folder/load") >/dev/null 2>&1 </dev/null &
  workers+=($!)
done
wait "${workers[@]}" || true
sleep 2
auditctl -s | grep lost
