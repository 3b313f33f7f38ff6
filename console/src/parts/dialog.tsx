import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as Pane, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./button.js";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The height of what stays in sight right under the top bar; a property of the document's root. */
export const bannerHeight = "--banner-height";

/** A dialog under the top bar: Stop everything stays above it, in sight and in reach. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="fixed inset-x-0 top-14 bottom-[65px] z-30 md:bottom-0 flex items-end justify-center bg-canvas/70 pt-[var(--banner-height,0px)] backdrop-blur-[2px] md:items-start md:pt-[calc(var(--banner-height,0px)+4rem)] md:pb-16"
    >
      <Modal className="max-h-full w-full overflow-y-auto rounded-t-[14px] border border-line bg-raised shadow-lifted md:max-w-[560px] md:rounded-[12px]">
        <Pane className="flex flex-col gap-4 p-5 outline-none md:p-6">
          <div className="flex items-center justify-between gap-4">
            <Heading slot="title" className="text-lead font-semibold">
              {title}
            </Heading>
            <Button tone="quiet" square aria-label="Close" onPress={onClose}>
              <X size={18} aria-hidden="true" />
            </Button>
          </div>
          {children}
        </Pane>
      </Modal>
    </ModalOverlay>
  );
}
