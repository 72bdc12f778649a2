import { PictureOutlined } from '@ant-design/icons';
import { useT } from '@gonghui/ui';
import { Button, Upload } from 'antd';

/** Takes a picture out of the album, or, on a phone, with its camera app. */
export function PhotoButton({ take }: { take: (file: File) => Promise<unknown> }) {
  const t = useT();
  return (
    <Upload
      accept="image/*"
      showUploadList={false}
      beforeUpload={(file) => {
        void take(file);
        return false;
      }}
    >
      <Button icon={<PictureOutlined aria-hidden />}>{t('scan.photo')}</Button>
    </Upload>
  );
}
