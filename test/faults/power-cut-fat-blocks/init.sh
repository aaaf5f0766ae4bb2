#!/bin/sh
# The first process of the second kernel. Its root is this machine's own, read-only; what is written goes to $FOLDER.
# The kernel puts what it does not know of its command line into the environment: FOLDER, TASK and what the task needs.
set -eu
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Whatever happens, the machine is switched off in the end.
trap 'echo o > /proc/sysrq-trigger; sleep 10' EXIT

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mount -t hostfs -o "$FOLDER" none "$FOLDER"
ip link set lo up
umask 077
disk="$FOLDER/disk"
# As a camera mounts it.
options="$OPTIONS,codepage=437,iocharset=ascii,umask=077"

load() {
  for module in "$@"; do
    insmod "/usr/lib/uml/modules/$(uname -r)/kernel/$module.ko"
  done
}
load fs/nls/nls_cp437 fs/nls/nls_ascii fs/fat/fat fs/fat/vfat

case "$TASK" in
  record)
    load drivers/md/dm-mod drivers/md/dm-log-writes
    # Everything that is written to the disk (ubda) is written down, in order, on another (ubdb).
    dmsetup --noudevsync create camera --table "0 $(cat /sys/block/ubda/size) log-writes /dev/ubda /dev/ubdb"
    mount -t vfat -o "$options" /dev/dm-0 "$disk"
    cp -r "$FOLDER/camera" "$disk"
    umount "$disk"
    mount -t vfat -o "$options" /dev/dm-0 "$disk"
    # What was written so far stands in the log before the first mark only once it is flushed: a sync of any file.
    sync "$disk/camera/provision.json"
    "$NODE" "$FOLDER/guest.cjs" "$FOLDER" "$PORT" "$COMMAND"
    umount "$disk"
    dmsetup --noudevsync remove camera
    ;;
  read)
    load drivers/block/loop
    for image in "$FOLDER"/images/*; do
      echo "$image $FOLDER/disks/${image##*/} vfat $options,ro,loop 0 0"
    done > /run/fstab
    mount --all --fstab /run/fstab
    # What cannot be read is not copied, and told.
    cp -r "$FOLDER/disks/." "$FOLDER/read" 2> "$FOLDER/torn" || true
    ;;
esac
