/**
 * One taxonomy for every failure that reaches a person: a code that never changes meaning, the HTTP status it has in the
 * API, and what to do next. What exactly happened is the `detail` of the single error.
 * The API sends them as problem documents (RFC 9457); node status, log and Studio use the same code and words.
 */
export const CODES = {
  BAD_REQUEST: [400, 'Correct the fields named in the detail and send it again.'],
  NOT_SIGNED_IN: [401, 'Sign in, or send a valid token.'],
  WRONG_PASSWORD: [401, 'Check user name and password.'],
  FORBIDDEN: [403, 'Ask an administrator for the role that may do this.'],
  NOT_FOUND: [404, 'It may have been deleted; look at the list.'],
  METHOD_NOT_ALLOWED: [405, 'Look at /api/v1/openapi.json for what this path offers.'],
  CONFLICT: [409, 'Look at the present state and try again.'],
  SETUP_DONE: [409, 'Sign in with the account made at set-up.'],
  NOT_WIRED: [409, 'Open the flow in the editor, draw the missing wire and deploy.'],
  TOO_LARGE: [413, 'Send less at once; large files go by their address.'],
  CONTROL_HELD: [409, 'Wait until it ends, or ask whoever has control to end it; in an emergency set an override.'],
  PRESET_CONFLICT: [
    409,
    'Run one after the other: stop the other destination first. Or send both the program, and let it show the presets in turn.',
  ],
  UNKNOWN_REFERENCE: [422, 'Name something that exists; look at its list.'],
  TOO_MANY_TRIES: [429, 'Wait for the time in Retry-After, then try again.'],
  ENGINE_DOWN: [503, 'The picture engine is starting; it is back within seconds.'],
  MEMORY_FULL: [503, 'Delete a camera, an overlay or a program, or choose a smaller picture for the program.'],
  INTERNAL: [500, 'Try again; if it stays, ask whoever set this box up to look into its log.'],

  CAMERA_UNREACHABLE: [422, 'Check that the camera has power and network, and that address and port are right.'],
  CAMERA_AUTH: [422, 'Check user name and password of the camera.'],
  CAMERA_NOT_A_STREAM: [
    422,
    "The address answers, but not with video. Look up the stream's path in the camera's manual.",
  ],
  CAMERA_NO_STREAM: [422, 'The camera has no stream under this path. Look up the path in its manual.'],
  CAMERA_UNSUPPORTED: [422, 'Set the camera to H.264 (or H.265, MJPEG) over RTSP, RTMP or HTTP.'],
  CAMERA_SILENT: [
    422,
    'The camera stopped sending pictures. It is tried again by itself; if it stays, restart the camera.',
  ],
  CAMERA_SLOW: [
    422,
    'Check the network to the camera, and that nobody else draws its stream. In the dark many send fewer pictures: give it light, or set it to a lower rate.',
  ],
  CAMERA_FROZEN: [422, 'Look at the camera itself; restart it when its picture stays the same.'],
  CAMERA_BLACK: [422, 'Look whether the lens is covered, or the place dark and the camera without night vision.'],
  CAMERA_DROPPED: [422, 'The camera ended the connection. It is tried again by itself.'],
  CAMERA_NO_PROFILE: [422, "Choose one of the camera's media profiles, or leave the profile out for its main one."],

  PTZ_UNREACHABLE: [
    422,
    "Check that the camera has power and network, and the port of its ONVIF service: 80, 8899, 8000, 8080 and 2020 are usual, never the stream's.",
  ],
  PTZ_TIMEOUT: [422, 'Try again; if it stays, restart the camera, and check that the network to it is not overloaded.'],
  PTZ_AUTH: [
    422,
    'Check user name and password: many cameras have users of their own for ONVIF, which are made in the menu of the camera.',
  ],
  PTZ_NOT_ONVIF: [422, 'Check host and port, and switch ONVIF on in the menu of the camera.'],
  PTZ_BAD_ANSWER: [422, 'Try again; if it stays, restart the camera or update its firmware.'],
  PTZ_UNSUPPORTED: [422, 'This camera cannot do it: look up in its manual what its ONVIF service offers.'],
  PTZ_REFUSED: [422, 'Try again; if it stays, look into the menu of the camera whether something else moves it.'],
  PTZ_PRESETS_FULL: [422, 'Remove a preset that the camera no longer needs, and save this one again.'],
  PTZ_PRESET_MISSING: [422, 'The camera has lost this preset: move it there and save the preset again.'],
  PTZ_NO_FLOW: [
    422,
    'Look into the flow that moves this camera: its driver node has to be there, and the flow to be deployed and running.',
  ],
  PTZ_HELD: [409, 'Wait until 5 s after the last move, or ask whoever moves it to let you.'],
  PTZ_ON_AIR: [409, 'Put another picture on air first; or send `override: true`, and the viewers see the camera move.'],
  PTZ_NOT_ARRIVED: [
    422,
    'Go there once more; if it stays, look whether something blocks the camera, and save the preset again.',
  ],
  PTZ_TOO_FAR: [
    422,
    'Give the camera time before this cue: show another one in between, or make the cue longer, or choose a preset that is nearer.',
  ],
  PTZ_SUPERSEDED: [409, 'Something else moved the camera meanwhile; go there again when it is over.'],
  SCHEDULE_NO_PLACE: [422, 'Ask an administrator to set `location` by PATCH /api/v1/settings, or give times as HH:MM.'],
  TIMELINE_CHANGED: [409, 'Look at the present one, and decide which of the two shall stay.'],
  SHOW_OVERLAP: [
    409,
    'Where this is meant nothing has to be done; otherwise change the hours of one of them, or its priority.',
  ],
  CAMERA_DOUBLE_BOOKED: [
    409,
    'Let one of them show another camera or the same preset, or run them one after the other.',
  ],
  PICTURE_GAP: [422, 'Add a cue with a picture there, make the one before longer, or let the timeline loop.'],
  DESTINATION_NONE: [409, 'Start a destination that this program is wired to, or record it.'],
  DRY_RUN_BUSY: [429, 'Ask for one dry run after the other.'],
  TIMELINE_INVALID: [422, 'Correct the cues that are named.'],
  TIMELINE_NOT_READY: [422, 'Make what its `problems` name, or take it out of the timeline.'],
  PRESET_SHOT_TAKEN: [409, 'A shot is one preset: take its id from the other preset first.'],

  DESTINATION_HELD: [409, 'End the override, or wait for its time: it starts again by itself.'],
  OUTPUT_REFUSED: [422, 'The platform refused the stream: check the stream key, and that nothing else uses it.'],
  OUTPUT_KEY_IN_USE: [422, 'Another encoder streams with this key: stop it, or use another key.'],
  OUTPUT_UNREACHABLE: [422, 'Check the address, the port and the internet connection.'],
  OUTPUT_UNKNOWN_HOST: [422, 'Check the spelling of the server name, and the DNS of this network.'],
  OUTPUT_TLS: [
    422,
    "The server's certificate is not trusted. Check the address, the clock of this box and its CA certificates.",
  ],
  OUTPUT_PROXY: [
    422,
    'Ask an administrator to check its address, user name and password: on the dashboard (Proxy under Studio), or `proxy` of PATCH /api/v1/settings.',
  ],
  OUTPUT_STALLED: [
    422,
    'The uplink is too slow or was cut: lower the bitrate or check the network. It is tried again by itself.',
  ],
  OUTPUT_DROPPED: [422, 'The platform ended the connection. It is tried again by itself.'],
  OUTPUT_FILE: [422, 'Check the folder, its permissions and the free space on the disk.'],
  OUTPUT_UNSUPPORTED: [422, 'Use an address that starts with rtmp://, rtmps://, srt:// or file://.'],

  STORAGE_LOW: [
    409,
    'Delete recordings, or ask an administrator to lower their quota (`recordings` of PATCH /api/v1/settings); it goes on by itself.',
  ],
  RECORDING_FAILED: [422, 'Check the disk of the data folder and its permissions; it is tried again by itself.'],

  UPLOAD_REFUSED: [
    422,
    'As an administrator press Uploads, and check user name and password (or access key and secret).',
  ],
  UPLOAD_UNREACHABLE: [422, 'Check the address and the internet connection; it is tried again by itself.'],
  UPLOAD_UNKNOWN_HOST: [422, 'Check the spelling of the server name, and the DNS of this network.'],
  UPLOAD_TLS: [
    422,
    "The server's certificate is not trusted. Check the address, the clock of this box and its CA certificates.",
  ],
  UPLOAD_NO_FOLDER: [422, 'Make the folder or bucket that the address names, or correct the address.'],
  UPLOAD_NO_ROOM: [422, 'Make room at the other side, or raise what it accepts; it is tried again by itself.'],
  UPLOAD_STALLED: [422, 'Check the internet connection and the server; it is tried again by itself.'],
  UPLOAD_FAILED: [422, 'Look at the server; it is tried again by itself.'],
  UPLOAD_FILE: [422, 'Check the disk of the data folder; the other recordings go on.'],

  ENCODER_TOO_HEAVY: [422, 'Choose the profile that fits, or stop another destination first.'],
  ENCODER_FAILED: [422, 'It is tried again by itself; if it stays, choose a smaller profile.'],

  OCL_STRUCTURE: [422, 'Correct the document at the path given; the OCL guide has an example of each part.'],
  OCL_REFERENCE: [422, 'Name something that the document defines, or define it.'],
  OCL_TIME: [422, 'Use "t+1500ms", "t+2s", "t+45f" (frames), "00:01:23.500" or a number of milliseconds.'],
  OCL_TOO_LARGE: [422, 'Split it into several overlays, and send each by itself.'],
  OCL_DUPLICATE_ID: [422, 'Give each one an id of its own.'],
  OCL_VERSION: [422, 'This appliance speaks OCL 1.x: send "ocl": "1.0".'],
  OCL_UNSUPPORTED_DIRECTIVE: [
    422,
    'It was left out and a safe default used. Check the spelling, or update the appliance.',
  ],
  OCL_NO_EFFECT: [422, 'Take it out, or give the cue what it needs.'],
  OCL_OUTSIDE_SAFE_AREA: [422, 'Some screens cut the edge off: move it inwards, or mark it "unsafe": true.'],
  OCL_GLYPH_MISSING: [422, 'Write it with other characters; the fonts of the appliance do not have these.'],
  OCL_TOKEN_MISSING: [422, 'Give the token a value with PUT /api/v1/data/NAME, or take it out of the text.'],
  SOUND_UNREADABLE: [422, 'Choose a file with sound (WAV, MP3, AAC, Ogg, FLAC), and see that the disk is not full.'],

  ASSET_MISSING: [422, 'Upload the file, or correct its address.'],
  ASSET_ADDRESS: [
    422,
    'Give it an https address in the internet, or ask an administrator to allow the host (`privateAssetHosts` of PATCH /api/v1/settings).',
  ],
  ASSET_UNREACHABLE: [422, 'Check the address and the internet connection; it is tried again by itself.'],
  ASSET_TLS: [
    422,
    "The server's certificate is not trusted. Check the address, the clock of this box and its CA certificates.",
  ],
  ASSET_ANSWER: [422, 'Look whether the file is there and open to everyone; it is tried again by itself.'],
  ASSET_CHECKSUM: [422, 'Put the file there again, or correct its sha256 in the document.'],
  ASSET_TYPE: [422, 'Correct its mediaType, or use PNG, APNG, JPEG, WebP, AVIF, GIF, SVG or WebM.'],
  ASSET_TOO_LARGE: [422, 'Make the file smaller: images may have 50 MiB, videos 256 MiB.'],
  ASSET_EXPIRED: [422, 'Renew the right to show it and correct `expires`, or show something else.'],
  ASSET_TERRITORY: [
    422,
    'Show something else here, or ask an administrator to correct `territory` of PATCH /api/v1/settings.',
  ],
  ASSET_CACHE_FULL: [
    409,
    'Delete overlays that are not needed (or files: DELETE /api/v1/assets/cache), or ask an administrator to raise `assets.quotaGb` of PATCH /api/v1/settings.',
  ],
  ASSET_BROKEN: [
    422,
    'Upload the file again, as PNG, JPEG, WebP, AVIF, GIF, SVG or WebM (VP8, VP9) of at most 40 megapixels.',
  ],
  OVERLAY_NOT_READY: [422, 'Use fewer or smaller elements that change at once; look whether the box is overloaded.'],
  OVERLAY_TOO_LARGE: [422, 'Make the element, its scale or the number of elements smaller.'],
  SEGMENT_UNREADABLE: [
    422,
    'Export the segment again, or copy the file once more: it is damaged, or no .vseg package.',
  ],
  SEGMENT_UNSAFE: [422, 'Do not use this package; ask where it comes from, and have it exported again.'],
  SEGMENT_TOO_LARGE: [422, 'Split it into several segments, or make its files smaller.'],
  SEGMENT_CHECKSUM: [422, 'Export the segment again, or copy the file once more: it was changed on its way.'],
  SEGMENT_SIGNATURE: [
    422,
    'Use a package as it was signed, or ask an administrator to trust its key (`segments.keys` of PATCH /api/v1/settings).',
  ],
  SEGMENT_VERSION: [422, 'Export it for segment format 1.0, or update the appliance.'],
  SEGMENT_INVALID: [422, 'Correct the file that is named, and export the segment again.'],

  PICTURE_BUSY: [429, 'Ask for one picture after the other.'],
  RENDERER_FAILED: [
    500,
    'The renderer was started again; if it stays, simplify the overlay, or ask whoever set this box up to look into its log.',
  ],

  FEED_INVALID: [422, 'Look at the function or change node before this one: msg.feed must stay as our nodes made it.'],
  CONTROL_DOWN: [503, 'The appliance is starting again by itself; send the message once more.'],

  COMMAND_MALFORMED: [422, 'Correct what is named, and send it again under a new id.'],
  COMMAND_UNSUPPORTED: [422, 'Send one of the types that are listed, or update the appliance.'],
  COMMAND_VERSION: [422, 'Send it in a version that is listed, or update the appliance.'],
  COMMAND_EXPIRED: [422, 'Send it again under a new id, or give it a later `expiresat`.'],
  COMMAND_CLOCK: [422, "Check the clock of whoever sent it, and this appliance's; then send it again under a new id."],
  COMMAND_TIMEOUT: [422, 'Look at the appliance whether it was carried out, and send it again under a new id if not.'],
  COMMAND_REFUSED: [422, 'Ask whoever looks after the flow of this appliance why it refuses this.'],
  COMMAND_FAILED: [422, 'Look at the flow of this appliance, which deals with this command by itself.'],
  COMMAND_QUEUE_FULL: [429, 'Wait until commands that were sent before are done, then send it again under a new id.'],

  STUDIO_UNREACHABLE: [
    422,
    'Check the internet connection, and that the firewall lets port 443 or 8883 out. It is tried again by itself.',
  ],
  STUDIO_BLOCKED: [
    422,
    'Something on the way swallows it, mostly a firewall: ask whoever runs the network to let this box out to this server and port. It is tried again by itself.',
  ],
  STUDIO_UNKNOWN_HOST: [422, 'Check the spelling of the address, and the DNS of this network.'],
  STUDIO_PROXY: [
    422,
    'Ask whoever runs the network for the address of the proxy, and whether it runs. It is entered on the dashboard (Proxy under Studio; empty for none), or as `proxy` of PATCH /api/v1/settings.',
  ],
  STUDIO_PROXY_LOGIN: [
    422,
    'Ask whoever runs the network for the user name and the password of the proxy. They are entered on the dashboard (Proxy under Studio), or as `proxy` of PATCH /api/v1/settings.',
  ],
  STUDIO_PROXY_REFUSED: [
    422,
    'Ask whoever runs the proxy to let this box through (CONNECT) to this server and port; Studio needs 443, or 8883.',
  ],
  STUDIO_UNTRUSTED: [
    422,
    'Check the address. If it is right, something between this box and Studio opens the connection: ask whoever runs the network to let it through untouched.',
  ],
  STUDIO_WRONG_NAME: [
    422,
    'Type the address just as Studio gives it, by its name and not by a number. If it is right, tell whoever runs Studio that its certificate is for another name.',
  ],
  STUDIO_EXPIRED: [
    422,
    'Compare this time with a watch. If it is wrong, set the clock of this box; if it is right, tell whoever runs Studio that its certificate has run out.',
  ],
  STUDIO_CLOCK: [422, "Set date and time of this box; without the right time it cannot trust anybody's certificate."],
  STUDIO_CERTIFICATE: [422, 'Ask for a new pairing code in Studio, and pair this box again.'],
  STUDIO_REFUSED: [422, 'Look in Studio whether this box is still there; if it is not, pair it again.'],
  STUDIO_BAD_ANSWER: [422, 'Check the address: it has to be that of a Studio. Try again later if it is.'],
  STUDIO_CODE_WRONG: [422, 'Type the code again as Studio shows it.'],
  STUDIO_CODE_EXPIRED: [422, 'Ask for a new one: a code is good for 10 minutes, and once.'],
  STUDIO_CODE_LOCKED: [429, 'Ask for a new one: after 5 wrong tries a code is locked.'],
  STUDIO_PAIRED: [409, 'End the present pairing first: under Studio on the dashboard, or DELETE /api/v1/studio.'],
  STUDIO_NOT_PAIRED: [409, 'Pair this box with a Studio first.'],

  DATABASE_NEWER: [500, 'Install the newer release again, or restore a backup made by this release.'],
  DATABASE_BROKEN: [500, 'Restore a backup over this file, or move it away and set the appliance up anew.'],
  DATABASE_UPGRADE_FAILED: [
    500,
    'The backup made before the upgrade was put back: install the older release again, and look into the log.',
  ],
  SECRET_KEY_MISMATCH: [
    500,
    'Restore secret.key that belongs to this database, or move the database away and set the appliance up anew.',
  ],
  ADDRESS_IN_USE: [500, 'Another program uses this port: end it, or choose another one with VISTTER_PORT.'],
} as const satisfies Record<string, readonly [status: number, hint: string]>
