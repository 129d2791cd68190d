import type { Camera, Operations } from './operations.ts'
import { SoapFault, type SoapRequest, xml } from './soap.ts'
import { configuration } from './vectors.ts'

export const SUB = { width: 320, height: 180 }

/** ONVIF's media service, version 1.0: one video source, a main and a sub profile. */
export function mediaService(camera: Camera): Operations {
  const profile = (token: 'main' | 'sub') =>
    `<trt:Profiles token="${token}" fixed="true"><tt:Name>${token === 'main' ? 'Main stream' : 'Sub stream'}</tt:Name>` +
    '<tt:VideoSourceConfiguration token="source_config"><tt:Name>Source</tt:Name><tt:UseCount>2</tt:UseCount>' +
    `<tt:SourceToken>sensor</tt:SourceToken><tt:Bounds x="0" y="0" width="${camera.size.width}" height="${camera.size.height}"/>` +
    `</tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="encoder_${token}"><tt:Name>H.264</tt:Name>` +
    `<tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>${resolution(token === 'main' ? camera.size : SUB)}` +
    '<tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>30</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>' +
    '<tt:BitrateLimit>3000</tt:BitrateLimit></tt:RateControl><tt:H264><tt:GovLength>30</tt:GovLength>' +
    '<tt:H264Profile>Baseline</tt:H264Profile></tt:H264></tt:VideoEncoderConfiguration>' +
    `${configuration('tt:PTZConfiguration', !camera.faults.noAbsoluteMove, 10_000)}</trt:Profiles>`
  const uri = (operation: string, address: string) =>
    `<trt:${operation}Response><trt:MediaUri><tt:Uri>${xml(address)}</tt:Uri>` +
    '<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot>' +
    `<tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:${operation}Response>`
  return {
    GetProfiles: () => `<trt:GetProfilesResponse>${profile('main')}${profile('sub')}</trt:GetProfilesResponse>`,
    GetStreamUri: request => uri('GetStreamUri', camera.streamUrl(wanted(request))),
    GetSnapshotUri: request => uri('GetSnapshotUri', `${camera.origin}/snapshot/${wanted(request)}.jpg`),
    GetVideoSources: () =>
      '<trt:GetVideoSourcesResponse><trt:VideoSources token="sensor"><tt:Framerate>30</tt:Framerate>' +
      `${resolution(camera.size)}</trt:VideoSources></trt:GetVideoSourcesResponse>`,
  }
}

const resolution = ({ width, height }: { width: number; height: number }) =>
  `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>`

function wanted(request: SoapRequest): string {
  const token = request.word('ProfileToken') ?? ''
  if (token === 'main' || token === 'sub') return token
  throw new SoapFault(['ter:InvalidArgVal', 'ter:NoProfile'], 'The requested profile token does not exist')
}
