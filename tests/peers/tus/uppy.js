// What a page of somebody else would have: Uppy with its tus plugin, as they come.
import Uppy from '@uppy/core';
import Tus from '@uppy/tus';

window.upload = async ({ endpoint, token, bytes, metadata, options = {} }) => {
  const data = new Uint8Array(bytes);
  for (let i = 0; i < data.length; i++) data[i] = (i * 31 + (i >> 8) * 7) & 255;
  const uppy = new Uppy({ autoProceed: false }).use(Tus, {
    endpoint,
    headers: { Authorization: `Bearer ${token}` },
    ...options,
  });
  uppy.addFile({ name: 'from uppy.bin', type: 'application/x-thing', data: new Blob([data]), meta: metadata ?? {} });
  const result = await uppy.upload();
  if (result.failed.length > 0) throw new Error(String(result.failed[0].error));
  return { url: result.successful[0].uploadURL, progress: uppy.getState().totalProgress };
};
