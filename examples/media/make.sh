#!/bin/sh
# make.sh [FILE] - makes clip.mkv, the one-minute clip that `make demo` plays (needs ffmpeg with libx264).
#
# Picture and sound come only from ffmpeg's generators, so nobody else has rights to them. A moving pattern shows the time
# and frame number, and every second starts with a beep, so you can see and hear whether two players are apart. A key
# frame every second keeps exact seeks short.
set -eu

out=${1:-$(dirname "$0")/clip.mkv}
seconds=60
beep="if(lt(mod(t\,1)\,0.06)\,0.4*sin(2*PI*if(lt(mod(t\,10)\,1)\,1320\,880)*t)\,0)"

ffmpeg -hide_banner -loglevel error -y \
    -f lavfi -i "testsrc2=size=426x240:rate=24:duration=$seconds" \
    -f lavfi -i "aevalsrc=$beep+0.01*sin(2*PI*220*t):s=48000:c=mono:d=$seconds" \
    -map_metadata -1 -metadata title="Sixty seconds" -fflags +bitexact \
    -c:v libx264 -preset veryslow -tune animation -crf 36 -pix_fmt yuv420p \
    -g 24 -keyint_min 24 -sc_threshold 0 -flags:v +bitexact \
    -c:a aac -b:a 32k -flags:a +bitexact \
    "$out"
