import type { FormRule } from 'antd';

/** again is the rule of a field that must repeat another. */
export function again(other: string, message: string): FormRule {
  return ({ getFieldValue }) => ({
    validator: async (_, value) => {
      if (value !== getFieldValue(other)) throw new Error(message);
    },
  });
}
