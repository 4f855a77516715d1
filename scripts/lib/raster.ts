/** A picture of a few shapes as PNG, with smooth edges: enough for an icon, and the same bytes everywhere. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

export type Colour = readonly [number, number, number];

/** How far a point lies outside of a shape; negative inside. */
export type Shape = (x: number, y: number) => number;

/** A rectangle with round corners. */
export function box(
  left: number,
  top: number,
  width: number,
  height: number,
  radius: number,
): Shape {
  const [cx, cy] = [left + width / 2, top + height / 2];
  return (x, y) => {
    const dx = Math.abs(x - cx) - width / 2 + radius;
    const dy = Math.abs(y - cy) - height / 2 + radius;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
}

/** A line with round ends. */
export function line(x1: number, y1: number, x2: number, y2: number, width: number): Shape {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  return (x, y) => {
    const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length));
    return Math.hypot(x - x1 - along * dx, y - y1 - along * dy) - width / 2;
  };
}

/** A picture that shapes are painted on, one over the other. */
export class Picture {
  private readonly side: number;
  private readonly pixels: Uint8Array;

  public constructor(side: number) {
    this.side = side;
    this.pixels = new Uint8Array(side * side * 4);
  }

  /** Paints a shape whose coordinates go from 0 to `extent`. */
  public paint(shape: Shape, [red, green, blue]: Colour, extent: number): void {
    const scale = extent / this.side;
    for (let row = 0; row < this.side; row++) {
      for (let column = 0; column < this.side; column++) {
        const distance = shape((column + 0.5) * scale, (row + 0.5) * scale) / scale;
        const cover = Math.min(1, Math.max(0, 0.5 - distance));
        if (cover > 0) this.blend((row * this.side + column) * 4, [red, green, blue], cover);
      }
    }
  }

  private blend(at: number, colour: Colour, cover: number): void {
    const under = (this.pixels[at + 3] ?? 0) / 255;
    const alpha = cover + under * (1 - cover);
    colour.forEach((value, channel) => {
      const old = this.pixels[at + channel] ?? 0;
      this.pixels[at + channel] = Math.round(
        (value * cover + old * under * (1 - cover)) / (alpha || 1),
      );
    });
    this.pixels[at + 3] = Math.round(alpha * 255);
  }

  /** The picture as a file. */
  public png(): Buffer {
    const rows = Buffer.alloc(this.side * (this.side * 4 + 1));
    for (let row = 0; row < this.side; row++)
      rows.set(
        this.pixels.subarray(row * this.side * 4, (row + 1) * this.side * 4),
        row * (this.side * 4 + 1) + 1,
      );
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.side, 0);
    header.writeUInt32BE(this.side, 4);
    header.set([8, 6, 0, 0, 0], 8);
    return Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(rows, { level: 9 })),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** The pixels of a file that `png()` wrote: two versions of zlib may pack them differently. */
export function pixelsOf(png: Buffer): Buffer {
  const at = png.indexOf('IDAT', 0, 'latin1');
  return inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
}
