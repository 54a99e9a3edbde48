;; Upper bounds of the inner products of one query with many rows of 8-bit codes, and picking the large ones.
;; Compiled into scan-bytes.ts by scripts/build-scan.ts; the meaning of the numbers is in codes.ts.
(module
  (import "env" "memory" (memory 1 65536 shared))

  ;; Rows are taken four at a time, so that each part of the query is loaded once for four rows.
  ;;   codes  rows x width signed bytes; rows a multiple of 4, width of 8
  ;;   meta   4 f32 arrays of `stride` rows each: scale, error, size, offset
  ;;   query  width signed 16-bit numbers
  ;;   out    rows f32: scale * unit * (codes . query) + error * a + size * b - offset
  (func (export "scan")
    (param $codes i32) (param $width i32) (param $meta i32) (param $stride i32) (param $rows i32)
    (param $query i32) (param $unit f32) (param $a f32) (param $b f32) (param $out i32)
    (local $end i32) (local $at i32) (local $row1 i32) (local $row2 i32) (local $row3 i32)
    (local $part v128) (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $step i32) (local $lastPart i32)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $rows) (i32.const 2))))
    (local.set $step (i32.shl (local.get $stride) (i32.const 2)))
    (block $done
      (loop $rows4
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $row1 (i32.add (local.get $codes) (local.get $width)))
        (local.set $row2 (i32.add (local.get $row1) (local.get $width)))
        (local.set $row3 (i32.add (local.get $row2) (local.get $width)))
        (local.set $lastPart (local.get $row1))
        (local.set $at (local.get $query))
        (local.set $s0 (v128.const i32x4 0 0 0 0))
        (local.set $s1 (v128.const i32x4 0 0 0 0))
        (local.set $s2 (v128.const i32x4 0 0 0 0))
        (local.set $s3 (v128.const i32x4 0 0 0 0))
        (loop $parts
          (local.set $part (v128.load (local.get $at)))
          (local.set $s0 (i32x4.add (local.get $s0)
            (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $codes)) (local.get $part))))
          (local.set $s1 (i32x4.add (local.get $s1)
            (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row1)) (local.get $part))))
          (local.set $s2 (i32x4.add (local.get $s2)
            (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row2)) (local.get $part))))
          (local.set $s3 (i32x4.add (local.get $s3)
            (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row3)) (local.get $part))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (local.set $codes (i32.add (local.get $codes) (i32.const 8)))
          (local.set $row1 (i32.add (local.get $row1) (i32.const 8)))
          (local.set $row2 (i32.add (local.get $row2) (i32.const 8)))
          (local.set $row3 (i32.add (local.get $row3) (i32.const 8)))
          (br_if $parts (i32.lt_u (local.get $codes) (local.get $lastPart))))
        ;; Lane sums: s0..s3 become one vector of four totals.
        (local.set $part (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $s0) (local.get $s1))
          (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $s0) (local.get $s1))))
        (local.set $s2 (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $s2) (local.get $s3))
          (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $s2) (local.get $s3))))
        (local.set $part (i32x4.add
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $part) (local.get $s2))
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $part) (local.get $s2))))
        (local.set $s0 (f32x4.mul
          (f32x4.mul (v128.load (local.get $meta)) (f32x4.splat (local.get $unit)))
          (f32x4.convert_i32x4_s (local.get $part))))
        (local.set $at (i32.add (local.get $meta) (local.get $step)))
        (local.set $s0 (f32x4.add (local.get $s0)
          (f32x4.mul (v128.load (local.get $at)) (f32x4.splat (local.get $a)))))
        (local.set $at (i32.add (local.get $at) (local.get $step)))
        (local.set $s0 (f32x4.add (local.get $s0)
          (f32x4.mul (v128.load (local.get $at)) (f32x4.splat (local.get $b)))))
        (local.set $at (i32.add (local.get $at) (local.get $step)))
        (v128.store (local.get $out) (f32x4.sub (local.get $s0) (v128.load (local.get $at))))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $meta (i32.add (local.get $meta) (i32.const 16)))
        (local.set $codes (local.get $row3))
        (br $rows4))))

  ;; Writes the numbers (from `first` on) of the bounds that are not below `floor` and returns how many there are.
  ;;   bounds  rows f32; rows a multiple of 4
  ;;   list    room for rows + 3 i32
  (func (export "pick")
    (param $bounds i32) (param $rows i32) (param $floor f32) (param $first i32) (param $list i32)
    (result i32)
    (local $end i32) (local $mask i32) (local $at i32)
    (local $floors v128)
    (local.set $floors (f32x4.splat (local.get $floor)))
    (local.set $end (i32.add (local.get $bounds) (i32.shl (local.get $rows) (i32.const 2))))
    (local.set $at (local.get $list))
    (block $done
      (loop $rows4
        (br_if $done (i32.ge_u (local.get $bounds) (local.get $end)))
        ;; What is no number is not below anything.
        (local.set $mask (i32x4.bitmask
          (v128.not (f32x4.lt (v128.load (local.get $bounds)) (local.get $floors)))))
        (if (local.get $mask)
          (then
            ;; Each is written, and overwritten by the next unless its bit is set.
            (i32.store (local.get $at) (local.get $first))
            (local.set $at (i32.add (local.get $at)
              (i32.shl (i32.and (local.get $mask) (i32.const 1)) (i32.const 2))))
            (i32.store (local.get $at) (i32.add (local.get $first) (i32.const 1)))
            (local.set $at (i32.add (local.get $at)
              (i32.shl (i32.and (local.get $mask) (i32.const 2)) (i32.const 1))))
            (i32.store (local.get $at) (i32.add (local.get $first) (i32.const 2)))
            (local.set $at (i32.add (local.get $at) (i32.and (local.get $mask) (i32.const 4))))
            (i32.store (local.get $at) (i32.add (local.get $first) (i32.const 3)))
            (local.set $at (i32.add (local.get $at)
              (i32.shr_u (i32.and (local.get $mask) (i32.const 8)) (i32.const 1))))))
        (local.set $bounds (i32.add (local.get $bounds) (i32.const 16)))
        (local.set $first (i32.add (local.get $first) (i32.const 4)))
        (br $rows4)))
    (i32.shr_u (i32.sub (local.get $at) (local.get $list)) (i32.const 2))))
